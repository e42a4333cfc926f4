/** grpc_server_* series (common/grpcmetrics): one interceptor for unary calls and streams. */
import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  ResponderBuilder,
  status as Status,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { secondsSince, type Metrics } from './metrics';

/** Codes by name, as Go prints them: the value of the `code` label. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  [Status.OK]: 'OK',
  [Status.CANCELLED]: 'Canceled',
  [Status.UNKNOWN]: 'Unknown',
  [Status.INVALID_ARGUMENT]: 'InvalidArgument',
  [Status.DEADLINE_EXCEEDED]: 'DeadlineExceeded',
  [Status.NOT_FOUND]: 'NotFound',
  [Status.ALREADY_EXISTS]: 'AlreadyExists',
  [Status.PERMISSION_DENIED]: 'PermissionDenied',
  [Status.RESOURCE_EXHAUSTED]: 'ResourceExhausted',
  [Status.FAILED_PRECONDITION]: 'FailedPrecondition',
  [Status.ABORTED]: 'Aborted',
  [Status.OUT_OF_RANGE]: 'OutOfRange',
  [Status.UNIMPLEMENTED]: 'Unimplemented',
  [Status.INTERNAL]: 'Internal',
  [Status.UNAVAILABLE]: 'Unavailable',
  [Status.DATA_LOSS]: 'DataLoss',
  [Status.UNAUTHENTICATED]: 'Unauthenticated',
};

/** `/protos.Endorser/ProcessProposal` → service `protos_Endorser`, method `ProcessProposal`. */
function serviceMethod(path: string): { service: string; method: string } {
  const [, service, method] = path.replaceAll('.', '_').split('/');
  return { service: service ?? 'unknown', method: method ?? 'unknown' };
}

export function grpcServerMetrics(metrics: Metrics): ServerInterceptor {
  const received = ['service', 'method'] as const;
  const completed = ['service', 'method', 'code'] as const;
  const kinds = {
    unary: {
      duration: metrics.histogram(
        'grpc_server_unary_request_duration',
        'The time to complete a unary request.',
        completed,
      ),
      received: metrics.counter(
        'grpc_server_unary_requests_received',
        'The number of unary requests received.',
        received,
      ),
      completed: metrics.counter(
        'grpc_server_unary_requests_completed',
        'The number of unary requests completed.',
        completed,
      ),
    },
    stream: {
      duration: metrics.histogram(
        'grpc_server_stream_request_duration',
        'The time to complete a stream request.',
        completed,
      ),
      received: metrics.counter(
        'grpc_server_stream_requests_received',
        'The number of stream requests received.',
        received,
      ),
      completed: metrics.counter(
        'grpc_server_stream_requests_completed',
        'The number of stream requests completed.',
        completed,
      ),
    },
  };
  const messagesReceived = metrics.counter(
    'grpc_server_stream_messages_received',
    'The number of stream messages received.',
    received,
  );
  const messagesSent = metrics.counter(
    'grpc_server_stream_messages_sent',
    'The number of stream messages sent.',
    received,
  );

  return (descriptor, call) => {
    const labels = serviceMethod(descriptor.path);
    const streaming = descriptor.requestStream || descriptor.responseStream;
    const kind = streaming ? kinds.stream : kinds.unary;
    const start = process.hrtime.bigint();
    let done = false;
    const finish = (code: number): void => {
      if (done) return;
      done = true;
      const all = { ...labels, code: CODE_NAMES[code] ?? 'Unknown' };
      kind.duration.observe(all, secondsSince(start));
      kind.completed.add(all);
    };
    kind.received.add(labels);

    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        if (streaming) messagesReceived.add(labels);
        next(message);
      })
      .withOnCancel(() => finish(Status.CANCELLED))
      .build();
    const responder = new ResponderBuilder()
      .withStart((next) => next(listener))
      .withSendMessage((message, next) => {
        if (streaming) messagesSent.add(labels);
        next(message);
      })
      .withSendStatus((status, next) => {
        finish(status.code ?? Status.UNKNOWN);
        next(status);
      })
      .build();
    return new ServerInterceptingCall(call, responder);
  };
}
