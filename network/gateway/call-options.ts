import { InterceptingCall, ListenerBuilder, status, type CallOptions, type Interceptor } from '@grpc/grpc-js';

/**
 * Options of one gRPC call: its deadline, and an interceptor that cancels it when the signal aborts. (grpc-js takes
 * no AbortSignal, and fabric-gateway hands out no call to cancel.)
 */
export function callOptions(timeoutMs: number, signal: AbortSignal | undefined): CallOptions {
  const deadline = Date.now() + timeoutMs;
  return signal === undefined ? { deadline } : { deadline, interceptors: [cancelledBy(signal)] };
}

function cancelledBy(signal: AbortSignal): Interceptor {
  return (options, nextCall) => {
    let stop = (): void => undefined;
    const call = new InterceptingCall(nextCall(options), {
      start(metadata, _listener, next) {
        const untilEnded = new ListenerBuilder().withOnReceiveStatus((received, forward) => {
          signal.removeEventListener('abort', stop);
          forward(received);
        });
        next(metadata, untilEnded.build());
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      },
    });
    stop = () => call.cancelWithStatus(status.CANCELLED, 'cancelled by the caller');
    return call;
  };
}
