import { z } from 'zod';
import { isoTime } from './models';
import { storedKinds } from './store-models';

/** What this console is and where it keeps what. */
export const aboutSchema = z.object({
  version: z.string(),
  /** Of the wire between page and core. */
  protocol: z.int(),
  /** Level of Hyperledger Fabric whose protocols are spoken. */
  fabric: z.string(),
  node: z.string(),
  /** System and processor, such as `linux 6.1 x64`. */
  platform: z.string(),
  home: z.string(),
  networkFolder: z.string(),
  licence: z.string(),
});
export type About = z.infer<typeof aboutSchema>;

/** How much of the disk something takes, and where it lies. */
export const storedSchema = z.object({
  kind: z.enum(storedKinds),
  bytes: z.int(),
  path: z.string(),
});
export type Stored = z.infer<typeof storedSchema>;

/** A file of the diagnostics bundle, in words. */
export const bundleEntrySchema = z.object({
  name: z.string(),
  holds: z.string(),
});
export type BundleEntry = z.infer<typeof bundleEntrySchema>;

export const bundleSchema = z.object({
  fileName: z.string(),
  /** A gzipped tar archive, base64. */
  content: z.string(),
  entries: z.array(bundleEntrySchema.extend({ bytes: z.int() })),
  /** How many places were blackened. */
  redactions: z.int(),
  made: isoTime,
});
export type Bundle = z.infer<typeof bundleSchema>;
