import { z } from 'zod';
import * as activity from './activity-models';
import { contractEndorsementSchema } from './contract-models';
import * as identity from './identity-models';
import * as metric from './metric-models';
import * as model from './models';
import * as node from './node-models';
import { define } from './operation-definition';
import { settingsChangeSchema, settingsSchema } from './settings';

const nothing = z.strictObject({});
const onNode = z.strictObject({ node: z.string() });
const identityName = z.strictObject({ identity: z.string() });

/** A certificate and its key, each as pasted or read from a file: PEM, with whatever editors and mails made of it. */
const importedIdentity = z.strictObject({
  /** By name or MSP id; default: the organization whose CA issued the certificate. */
  organization: z.string().optional(),
  /** Default: the common name of the certificate up to its `@`. */
  name: z.string().optional(),
  certificatePem: z.string().max(100_000),
  privateKeyPem: z.string().max(100_000),
});

/** A call of a contract's function. */
export const contractCallSchema = z.strictObject({
  /** ORG/NAME, organization in any case. */
  as: z.string(),
  channel: z.string(),
  contract: z.string(),
  function: z.string(),
  args: z.array(z.string()),
  /** Transient data, UTF-8 values. */
  transient: z.record(z.string(), z.string()).optional(),
  /** MSP ids that must endorse; default: whatever the policy needs. */
  endorsingOrganizations: z.array(z.string()).optional(),
});

/** What the console needs beyond the command line. */
export const consoleOperations = {
  'audit.list': define(
    'query',
    'admin',
    z.strictObject({
      /** Newest first; default 100. */
      limit: z.int().min(1).max(1000).optional(),
      /** Only what happened before. */
      before: model.isoTime.optional(),
      /** Only what happened then or later. */
      since: model.isoTime.optional(),
      operation: z.string().optional(),
      /** Part of anything that an entry says, in any case. */
      text: z.string().max(200).optional(),
      /** Only what failed or was refused. */
      failed: z.boolean().optional(),
    }),
    z.object({
      entries: z.array(activity.auditEntrySchema),
      /** Why entries could not be written; null while all are. */
      problem: z.string().nullable(),
    }),
  ),
  'metrics.catalogue': define('query', 'viewer', nothing, z.array(metric.metricDescriptionSchema)),
  'metrics.series': define('query', 'viewer', metric.metricSeriesRequestSchema, metric.metricSeriesSchema),
  'node.show': define('query', 'viewer', onNode, node.nodeDetailSchema),
  'node.logLevel': define('query', 'viewer', onNode, node.logLevelSchema),
  'node.setLogLevel': define(
    'command',
    'admin',
    z.strictObject({
      node: z.string(),
      spec: z.string().min(1).max(500),
      /** Goes back to what it was after this many seconds; without it, it stays until the node starts again. */
      returnAfterSeconds: z.int().min(1).max(86_400).optional(),
    }),
    node.logLevelSchema,
  ),
  'logs.search': define(
    'query',
    'viewer',
    z
      .strictObject({
        /** Part of a line, in any case. */
        text: z.string().min(1).max(500).optional(),
        /** Also found where nodes shorten it to eight characters; so shortened, all that begin with them are. */
        transactionId: z
          .string()
          .regex(/^[0-9a-f]{8}([0-9a-f]{56})?$/)
          .optional(),
        /** Default: all. */
        nodes: z.array(z.string()).optional(),
        /** Newest lines of each node; default 500. */
        limit: z.int().min(1).max(1000).optional(),
      })
      .refine(({ text, transactionId }) => (text === undefined) !== (transactionId === undefined), {
        error: 'either text or transactionId',
      }),
    node.logSearchSchema,
  ),
  'node.impact': define(
    'query',
    'viewer',
    z.strictObject({ node: z.string(), action: node.nodeActionSchema }),
    node.nodeImpactSchema,
  ),
  /** All of one certificate, and what can be done with the identity here. The key is in none of it. */
  'identity.show': define('query', 'viewer', identityName, identity.identityDetailSchema),
  /** Who was used here and how often, as the history of calls knows it. */
  'identity.usage': define('query', 'viewer', nothing, z.array(identity.identityUsageSchema)),
  'identity.authorities': define('query', 'viewer', nothing, z.array(identity.authoritySchema)),
  /** Looks at what would be imported; keeps and records nothing. */
  'identity.check': define('query', 'admin', importedIdentity, identity.importPreviewSchema),
  'identity.import': define('command', 'admin', importedIdentity, model.identitySchema),
  'identity.issue': define(
    'command',
    'admin',
    z.strictObject({
      organization: z.string(),
      name: z.string(),
      role: z.enum(['client', 'admin']).optional(),
      attributes: z.record(z.string(), z.string()).optional(),
    }),
    model.identitySchema,
  ),
  'identity.exportCertificate': define(
    'query',
    'viewer',
    identityName,
    z.object({ fileName: z.string(), certificatePem: z.string() }),
  ),
  'identity.remove': define('command', 'admin', identityName, z.object({ removed: z.string() })),
  'transaction.run': define('task', 'operator', contractCallSchema, model.transactionResultSchema),
  'transaction.history': define(
    'query',
    'operator',
    z.strictObject({
      /** Newest first; default 100. */
      limit: z.int().min(1).max(1000).optional(),
      channel: z.string().optional(),
      contract: z.string().optional(),
    }),
    z.array(activity.transactionRecordSchema),
  ),
  'transaction.saved': define('query', 'operator', nothing, z.array(activity.savedRequestSchema)),
  'transaction.save': define(
    'command',
    'operator',
    activity.savedRequestSchema
      .omit({ id: true, savedAt: true })
      .extend({ name: z.string().trim().min(1).max(100) })
      .strict(),
    activity.savedRequestSchema,
  ),
  'transaction.forget': define(
    'command',
    'operator',
    z.strictObject({ id: z.string() }),
    z.object({ removed: z.string() }),
  ),
  'contract.endorsement': define(
    'query',
    'viewer',
    z.strictObject({ contract: z.string() }),
    contractEndorsementSchema,
  ),
  'settings.get': define('query', 'viewer', nothing, settingsSchema),
  'settings.set': define('command', 'operator', settingsChangeSchema, settingsSchema),
} as const;
