import {
  status as Code,
  type handleUnaryCall,
  type Server,
  type ServiceDefinition,
  type StatusObject,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Logger } from '../../node/logging';

type UnaryHandler = handleUnaryCall<unknown, unknown>;
interface StreamCall {
  once(event: 'close' | 'finish' | 'cancelled', listener: () => void): unknown;
  emit(event: 'error', error: object): boolean;
}
type StreamHandler = (call: StreamCall) => void;

/**
 * Adds a service of which at most `limit` calls run at a time, however many methods share them; 0 sets no limit. More
 * are refused at once, with the text of internal/peer/node/grpc_limiters.go.
 */
export function addLimitedService(
  server: Server,
  definition: ServiceDefinition,
  implementation: UntypedServiceImplementation,
  limit: number,
  logger: Logger,
): void {
  if (limit === 0) {
    server.addService(definition, implementation);
    return;
  }
  const slots = new Slots(limit);
  const limited: UntypedServiceImplementation = {};
  for (const [name, { path, responseStream }] of Object.entries(definition)) {
    const handler = implementation[name];
    if (handler === undefined) continue;
    const service = path.slice(0, path.lastIndexOf('/'));
    const refusal = (): Partial<StatusObject> => {
      logger.error(`Too many requests for ${service}, exceeding concurrency limit (${limit})`);
      return {
        code: Code.UNKNOWN,
        details: `too many requests for ${service}, exceeding concurrency limit (${limit})`,
      };
    };
    limited[name] = responseStream
      ? limitedStream(handler, slots, refusal)
      : limitedUnary(handler, slots, refusal);
  }
  server.addService(definition, limited);
}

class Slots {
  #taken = 0;

  constructor(private readonly limit: number) {}

  /** The function that gives the slot back, which does so once; undefined when none is free. */
  take(): (() => void) | undefined {
    if (this.#taken >= this.limit) return undefined;
    this.#taken += 1;
    let held = true;
    return () => {
      if (held) this.#taken -= 1;
      held = false;
    };
  }
}

function limitedUnary(
  handler: UntypedHandleCall,
  slots: Slots,
  refusal: () => Partial<StatusObject>,
): UnaryHandler {
  return (call, answer) => {
    const release = slots.take();
    if (release === undefined) {
      answer(refusal());
      return;
    }
    (handler as UnaryHandler)(call, (...values) => {
      release();
      answer(...values);
    });
  };
}

function limitedStream(
  handler: UntypedHandleCall,
  slots: Slots,
  refusal: () => Partial<StatusObject>,
): UntypedHandleCall {
  return (call: StreamCall) => {
    const release = slots.take();
    if (release === undefined) {
      call.emit('error', refusal());
      return;
    }
    for (const event of ['close', 'finish', 'cancelled'] as const) call.once(event, release);
    (handler as unknown as StreamHandler)(call);
  };
}
