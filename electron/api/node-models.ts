import { z } from 'zod';
import { isoTime, nodeStatusSchema } from './models';

export const certificateSchema = z.object({
  /** `identity` signs, `tls` serves connections. */
  use: z.enum(['identity', 'tls']),
  subject: z.string(),
  issuer: z.string(),
  serialNumber: z.string(),
  from: isoTime,
  expires: isoTime,
  fingerprint: z.string(),
  /** DNS names and addresses it is valid for. */
  hosts: z.array(z.string()),
});

export const logLevelSchema = z.object({
  /** A logspec as Fabric writes it: `info`, `gossip=debug:info`. */
  spec: z.string(),
  /** When it goes back by itself, and to what; null where it stays. */
  returns: z.object({ at: isoTime, to: z.string() }).nullable(),
});
export type LogLevel = z.infer<typeof logLevelSchema>;

/**
 * `process`: it runs; `operations`: /healthz; `call`: a real call, of a contract: its port; `consensus`: it orders its
 * channels and has a leader; `joins`: it is in all channels of its organization; `height`: level with the highest
 * peer; `gossip`: it knows other peers.
 */
export const healthCheckNames = [
  'process',
  'operations',
  'call',
  'consensus',
  'joins',
  'height',
  'gossip',
] as const;

export const healthCheckSchema = z.object({
  check: z.enum(healthCheckNames),
  /**
   * `settling`: not yet, of a node that was started so lately that it may take this long; `unknown`: nobody has looked
   * yet; `not offered`: a node of this program never says. None of them is held against it.
   */
  verdict: z.enum(['ok', 'settling', 'degraded', 'failed', 'unknown', 'not offered']),
  /** What was found, in one sentence. */
  detail: z.string(),
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

/** A node that is a container: what the engine knows of it. */
export const containerSchema = z.object({
  name: z.string(),
  /** As the engine has it, shortened. */
  id: z.string(),
  image: z.string(),
  /** Of the image as it was when the container was made. */
  imageDigest: z.string(),
  /** Its ledger; null where it has none. */
  volume: z.string().nullable(),
  /** Times the engine started it again by itself. */
  restarts: z.int(),
  memoryLimitBytes: z.number().nullable(),
  processorLimit: z.number().nullable(),
  /** Settings in which it differs from the topology, in words: they hold until it is made anew. */
  drift: z.array(z.string()),
  /** Since its start; null while it does not run. */
  network: z.object({ receivedBytes: z.number(), sentBytes: z.number() }).nullable(),
  /** Since its start; null while it does not run, and where the engine does not count it. */
  disk: z.object({ readBytes: z.number(), writtenBytes: z.number() }).nullable(),
});
export type ContainerFacts = z.infer<typeof containerSchema>;

export const nodeDetailSchema = nodeStatusSchema.extend({
  /** What `health` is made of. */
  checks: z.array(healthCheckSchema),
  ports: z.array(z.object({ purpose: z.string(), address: z.string() })),
  /** What the node is started with, secrets left out. */
  environment: z.record(z.string(), z.string()),
  /** `data`: of a container the name of its volume. */
  folders: z.object({ data: z.string().nullable(), log: z.string(), msp: z.string().nullable() }),
  certificates: z.array(certificateSchema),
  /** /version of its operations endpoint; null where it has none or does not answer. */
  version: z.string().nullable(),
  /** Null where it has no operations endpoint or does not answer. */
  logLevel: logLevelSchema.nullable(),
  /** Times it was started again since this console runs the network. */
  restarts: z.int(),
  runningSince: isoTime.nullable(),
  /** How it ended the last time it was not asked to; null where it never did. */
  lastExit: z.object({ at: isoTime, reason: z.string() }).nullable(),
  /** Null where it is none, or was not made yet. */
  container: containerSchema.nullable(),
});
export type NodeDetail = z.infer<typeof nodeDetailSchema>;

export const logMatchSchema = z.object({
  node: z.string(),
  /** As the line says; null where it says none. */
  at: isoTime.nullable(),
  line: z.string(),
});

export const logSearchSchema = z.object({
  /** Oldest first; lines without a time after those of their node that have one. */
  matches: z.array(logMatchSchema),
  /** Lines that match, node by node, also those left out. */
  nodes: z.array(z.object({ node: z.string(), matches: z.int(), problem: z.string().nullable() })),
  truncated: z.boolean(),
});
export type LogSearch = z.infer<typeof logSearchSchema>;

export const nodeActionSchema = z.enum(['stop', 'kill', 'restart', 'pause', 'remove', 'recreate']);
export type NodeAction = z.infer<typeof nodeActionSchema>;

export const nodeImpactSchema = z.object({
  node: z.string(),
  action: nodeActionSchema,
  /** The worst of the effects. */
  effect: z.enum(['breaks', 'weakens', 'goes on']),
  /** In one sentence. */
  summary: z.string(),
  effects: z.array(
    z.object({
      channel: z.string(),
      contract: z.string().nullable(),
      effect: z.enum(['breaks', 'weakens', 'goes on']),
      reason: z.string(),
    }),
  ),
});
export type NodeImpact = z.infer<typeof nodeImpactSchema>;
