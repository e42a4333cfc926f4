import { z } from 'zod';
import { connectOperations } from './connect-operations';
import { consoleOperations, contractCallSchema as call } from './console-operations';
import { ledgerOperations } from './ledger-operations';
import * as model from './models';
import { define } from './operation-definition';
import { supportOperations } from './support-operations';
import type { Role } from './operation-definition';

export { roles } from './operation-definition';
export type { OperationKind, Role } from './operation-definition';

const nothing = z.strictObject({});
const onNode = z.strictObject({ node: z.string() });
const onChannel = z.strictObject({ channel: z.string() });
/** The one contract between whoever shows something and the core. */
export const operations = {
  'network.up': define(
    'task',
    'admin',
    z.strictObject({
      runtime: model.runtimeSchema.optional(),
      /** Nodes that run the genuine program although the runtime is embedded. */
      native: z.array(z.string()).optional(),
    }),
    model.networkStatusSchema,
  ),
  'network.down': define('command', 'admin', nothing, z.strictObject({ stopped: z.int() })),
  /** What purge would delete: files and folders, and in words what lies outside them. */
  'network.belongings': define(
    'query',
    'viewer',
    nothing,
    z.strictObject({ belongings: z.array(z.string()) }),
  ),
  'network.purge': define('command', 'admin', nothing, z.strictObject({ deleted: z.array(z.string()) })),
  'network.status': define('query', 'viewer', nothing, model.networkStatusSchema),
  'node.start': define('command', 'admin', onNode, model.nodeStatusSchema),
  'node.stop': define('command', 'admin', onNode, model.nodeStatusSchema),
  'node.restart': define('command', 'admin', onNode, model.nodeStatusSchema),
  'node.kill': define('command', 'admin', onNode, model.nodeStatusSchema),
  'node.pause': define('command', 'admin', onNode, model.nodeStatusSchema),
  'node.resume': define('command', 'admin', onNode, model.nodeStatusSchema),
  /** Of nodes in containers: removes the container and keeps its ledger. */
  'node.remove': define('command', 'admin', onNode, model.nodeStatusSchema),
  /** As remove and start: what differed from the topology is as it says. */
  'node.recreate': define('command', 'admin', onNode, model.nodeStatusSchema),
  'node.exec': define(
    'command',
    'admin',
    z.strictObject({ node: z.string(), command: z.array(z.string()).min(1) }),
    z.strictObject({ output: z.string(), exitCode: z.int() }),
  ),
  'channel.show': define('query', 'viewer', onChannel, model.channelDetailSchema),
  'contract.list': define('query', 'viewer', nothing, z.array(model.contractStatusSchema)),
  'contract.show': define(
    'query',
    'viewer',
    z.strictObject({ contract: z.string() }),
    model.contractDetailSchema,
  ),
  'contract.deploy': define(
    'task',
    'admin',
    z.strictObject({ contract: z.string() }),
    model.contractStatusSchema,
  ),
  'identity.list': define('query', 'viewer', nothing, z.array(model.identitySchema)),
  'identity.environment': define(
    'query',
    'admin',
    z.strictObject({ identity: z.string() }),
    z.strictObject({ variables: z.record(z.string(), z.string()) }),
  ),
  'network.profile': define(
    'query',
    'viewer',
    z.strictObject({ organization: z.string() }),
    z.record(z.string(), z.unknown()),
  ),
  'transaction.evaluate': define(
    'query',
    'operator',
    call,
    z.strictObject({
      result: z.unknown(),
      durationMs: z.number(),
      /** The node whose gateway asked; which peer answered, a gateway does not say. */
      gateway: z.string(),
    }),
  ),
  'transaction.submit': define('command', 'operator', call, model.transactionResultSchema),
  'ledger.blocks': define(
    'query',
    'viewer',
    z.strictObject({ channel: z.string(), from: model.decimal.optional(), to: model.decimal.optional() }),
    z.array(model.blockSummarySchema),
  ),
  ...ledgerOperations,
  'ledger.verify': define('task', 'viewer', onChannel, model.verificationSchema),
  'money.verify': define('task', 'viewer', nothing, model.moneySchema),
  'demo.run': define('task', 'operator', nothing, z.strictObject({ steps: z.int(), durationMs: z.number() })),
  'task.list': define('query', 'viewer', nothing, z.array(model.taskSchema)),
  /** Needs what `neededToCancel` says. */
  'task.cancel': define('command', 'viewer', z.strictObject({ task: z.string() }), nothing),
  ...consoleOperations,
  ...connectOperations,
  ...supportOperations,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
export type RequestOf<N extends OperationName> = z.input<Operations[N]['request']>;
/** What a handler returns, and for a task what it ends with. */
export type ResultOf<N extends OperationName> = z.infer<Operations[N]['reply']>;
export const taskReply = z.strictObject({ task: z.string() });
/** What a call answers: a task answers its id. */
export type ReplyOf<N extends OperationName> = Operations[N]['kind'] extends 'task'
  ? z.infer<typeof taskReply>
  : ResultOf<N>;

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(operations, name);

/** Whoever may start a task may cancel it. */
export const neededToCancel = (operation: string): Role =>
  isOperationName(operation) ? operations[operation].role : 'admin';
