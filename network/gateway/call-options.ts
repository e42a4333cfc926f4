import { InterceptingCall, ListenerBuilder, status, type CallOptions, type Interceptor } from '@grpc/grpc-js';
import { PeerHangs } from './peer-liveness';

/**
 * Options of one gRPC call: its deadline, and an interceptor that cancels it when a signal aborts: a peer that hangs
 * ends the call as its deadline would. (grpc-js takes
 * no AbortSignal, and fabric-gateway hands out no call to cancel.)
 */
export function callOptions(timeoutMs: number, ...signals: (AbortSignal | undefined)[]): CallOptions {
  const deadline = Date.now() + timeoutMs;
  const given = signals.filter((signal) => signal !== undefined);
  return given.length === 0 ? { deadline } : { deadline, interceptors: [cancelledBy(given)] };
}

function cancelledBy(signals: readonly AbortSignal[]): Interceptor {
  return (options, nextCall) => {
    let stop = (): void => undefined;
    const call = new InterceptingCall(nextCall(options), {
      start(metadata, _listener, next) {
        const untilEnded = new ListenerBuilder().withOnReceiveStatus((received, forward) => {
          for (const signal of signals) signal.removeEventListener('abort', stop);
          forward(received);
        });
        next(metadata, untilEnded.build());
        if (signals.some(({ aborted }) => aborted)) stop();
        else for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
      },
    });
    stop = () => {
      const reason: unknown = signals.find(({ aborted }) => aborted)?.reason;
      if (reason instanceof PeerHangs) call.cancelWithStatus(status.DEADLINE_EXCEEDED, reason.message);
      else call.cancelWithStatus(status.CANCELLED, 'cancelled by the caller');
    };
    return call;
  };
}
