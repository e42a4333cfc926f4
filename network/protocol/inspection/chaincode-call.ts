import {
  bool,
  bytes,
  decoder,
  int32,
  keepUnknown,
  message,
  repeated,
  string,
  type KeepsUnknown,
} from '../strict-decoder';
import { decodeChaincodeId, type ChaincodeId } from '../validation/transaction';

export interface Decoration {
  name: string;
  value: Uint8Array;
}

export interface ChaincodeInput extends KeepsUnknown {
  /** The function comes first. */
  args: Uint8Array[];
  decorations: Decoration[];
  isInit: boolean;
}

/** peer.ChaincodeSpec: what a client asked a contract to do. */
export interface ChaincodeCall extends KeepsUnknown {
  /** peer.ChaincodeSpec.Type: the language the client believed it to have. */
  type: number;
  chaincodeId: ChaincodeId | undefined;
  input: ChaincodeInput | undefined;
  timeout: number;
}

const nothing = new Uint8Array();

const decodeDecoration = decoder<Decoration>(() => ({ name: '', value: nothing }), {
  1: string((target, value) => (target.name = value)),
  2: bytes((target, value) => (target.value = value)),
});

const decodeInput = decoder<ChaincodeInput>(
  () => ({ args: [], decorations: [], isInit: false }),
  {
    1: bytes((target, value) => target.args.push(value)),
    2: repeated(decodeDecoration, (target, value) => target.decorations.push(value)),
    3: bool((target, value) => (target.isInit = value)),
  },
  keepUnknown,
);

const decodeSpec = decoder<ChaincodeCall>(
  () => ({ type: 0, chaincodeId: undefined, input: undefined, timeout: 0 }),
  {
    1: int32((target, value) => (target.type = value)),
    2: message(
      decodeChaincodeId,
      (target) => target.chaincodeId,
      (target, value) => (target.chaincodeId = value),
    ),
    3: message(
      decodeInput,
      (target) => target.input,
      (target, value) => (target.input = value),
    ),
    4: int32((target, value) => (target.timeout = value)),
  },
  keepUnknown,
);

/** peer.ChaincodeInvocationSpec. */
const decodeInvocation = decoder<{ call: ChaincodeCall | undefined } & KeepsUnknown>(
  () => ({ call: undefined }),
  {
    1: message(
      decodeSpec,
      (target) => target.call,
      (target, value) => (target.call = value),
    ),
  },
  keepUnknown,
);

/** peer.ChaincodeProposalPayload; the transient map never reaches a block. */
const decodeProposalPayload = decoder<{ input: Uint8Array } & KeepsUnknown>(
  () => ({ input: nothing }),
  { 1: bytes((target, value) => (target.input = value)) },
  keepUnknown,
);

/** The call in a serialized peer.ChaincodeProposalPayload. Throws MalformedMessage. */
export function decodeChaincodeCall(proposalPayload: Uint8Array): ChaincodeCall {
  const { input, unknown: beside = [] } = decodeProposalPayload(proposalPayload);
  const { call = decodeSpec(nothing), unknown: outside = [] } = decodeInvocation(input);
  const unknown = [...beside, ...outside, ...(call.unknown ?? [])];
  return unknown.length === 0 ? call : { ...call, unknown };
}
