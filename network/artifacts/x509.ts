// The library's dependency injection needs the polyfill loaded before it, whoever imports it first.
import 'reflect-metadata';

export * from '@peculiar/x509';
