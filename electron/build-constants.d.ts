/** Written in by the build: the version of package.json. */
declare const __CONSOLE_VERSION__: string;
