import { z } from 'zod';
import { identitySchema, isoTime } from './models';

/** Everything a certificate says, for a person to read. */
export const certificateFactsSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  commonName: z.string(),
  /** Lower-case hexadecimal. */
  serialNumber: z.string(),
  from: isoTime,
  expires: isoTime,
  /** SHA-256, pairs of hexadecimal digits between colons. */
  fingerprint: z.string(),
  organizationalUnits: z.array(z.string()),
  /** `DNS:…`, `IP Address:…`, `email:…`. */
  alternativeNames: z.array(z.string()),
  /** All of them, Fabric's own (`hf.…`) included. */
  attributes: z.record(z.string(), z.string()),
  /** Such as `ECDSA on P-256`. */
  keyType: z.string(),
  /** By name where it has a common one, else its object identifier. */
  signatureAlgorithm: z.string(),
  keyUsages: z.array(z.string()),
  extendedKeyUsages: z.array(z.string()),
  isAuthority: z.boolean(),
});
export type CertificateFacts = z.infer<typeof certificateFactsSchema>;

export const identityDetailSchema = identitySchema.extend({
  certificate: certificateFactsSchema,
  certificatePem: z.string(),
  /** The identity's certificate up to the root, by subject; just its own where nobody accepts it. */
  chain: z.array(z.string()),
  /** `network`: a file that only its owner reads, as cryptogen lays it out. `wallet`: encrypted. */
  keyAt: z.enum(['network', 'wallet']),
  /** Why the genuine commands can't act as it; null where `identity.environment` answers. */
  noEnvironment: z.string().nullable(),
  /** Why it can't be removed; null where it can. */
  notRemovable: z.string().nullable(),
});
export type IdentityDetail = z.infer<typeof identityDetailSchema>;

export const importCheckNames = [
  'certificate',
  'validity',
  'organization',
  'chain',
  'role',
  'key',
  'keyType',
  'match',
  'name',
] as const;

/** One thing that was looked at. `skipped`: what it depends on is not there, or already failed. */
export const importCheckSchema = z.object({
  check: z.enum(importCheckNames),
  outcome: z.enum(['passed', 'warning', 'failed', 'skipped']),
  /** What was found, in one sentence. */
  title: z.string(),
  detail: z.string(),
  /** What to do; empty where nothing needs to be done. */
  hint: z.string(),
});
export type ImportCheck = z.infer<typeof importCheckSchema>;

export const importPreviewSchema = z.object({
  checks: z.array(importCheckSchema),
  /** True where an import of the same would succeed. */
  ready: z.boolean(),
  /** Certificate and key stand in each other's field. */
  swapped: z.boolean(),
  /** The organization it would belong to: the one asked for, else the one whose CA issued it; null where unknown. */
  organization: z.string().nullable(),
  /** The name it would get; null where there is none to take. */
  name: z.string().nullable(),
  certificate: certificateFactsSchema.nullable(),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** An organization's CA, as far as identities can be issued from it here. */
export const authoritySchema = z.object({
  organization: z.string(),
  mspId: z.string(),
  /** Name of the CA. */
  name: z.string(),
  /** What is put behind the `@` of the common name. */
  domain: z.string(),
  /** When what is issued now expires; null where nothing can be issued. */
  expires: isoTime.nullable(),
  /** Why nothing can be issued here and what to do; null where it can. */
  problem: z.object({ title: z.string(), detail: z.string(), hint: z.string() }).nullable(),
});
export type Authority = z.infer<typeof authoritySchema>;

/** What the console's own history of calls says of an identity. */
export const identityUsageSchema = z.object({
  identity: z.string(),
  calls: z.int(),
  /** How many of them failed. */
  failed: z.int(),
  last: isoTime,
});
export type IdentityUsage = z.infer<typeof identityUsageSchema>;
