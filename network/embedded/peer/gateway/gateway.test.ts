import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { common, gateway, google, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../node/logging';
import type { GatewayContext } from './gateway';
import { endorse } from './endorse';
import type { GatewayEndorser } from './endorser';
import { evaluate } from './evaluate';
import { EndorsementPlan } from './plan';
import { GatewayStatus, toServiceError } from './status';

const forever = new AbortController().signal;

function signedProposal(transient: Record<string, string> = {}): peer.SignedProposal {
  const id = new peer.ChaincodeID();
  id.setName('basic');
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(id);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  for (const [key, value] of Object.entries(transient))
    payload.getTransientmapMap().set(key, Buffer.from(value));
  const channelHeader = new common.ChannelHeader();
  channelHeader.setChannelId('one');
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  return signed;
}

function answer(status: number, message = '', payload = ''): peer.ProposalResponse {
  const result = new peer.Response();
  result.setStatus(status);
  result.setMessage(message);
  const response = new peer.ProposalResponse();
  response.setResponse(result);
  response.setPayload(Buffer.from(payload));
  return response;
}

function endorsed(endorser: string, result: string): peer.ProposalResponse {
  const chaincodeResponse = new peer.Response();
  chaincodeResponse.setStatus(200);
  chaincodeResponse.setPayload(Buffer.from(result));
  const action = new peer.ChaincodeAction();
  action.setResponse(chaincodeResponse);
  const payload = new peer.ProposalResponsePayload();
  payload.setExtension$(action.serializeBinary());
  const response = answer(200);
  response.setPayload(payload.serializeBinary());
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(Buffer.from(endorser));
  response.setEndorsement(endorsement);
  return response;
}

const lost = (): ServiceError =>
  Object.assign(new Error('lost'), {
    code: Code.UNAVAILABLE,
    details: 'connection refused',
    metadata: undefined as never,
  });

function endorser(
  mspId: string,
  address: string,
  processProposal: () => Promise<peer.ProposalResponse>,
  local = false,
): GatewayEndorser {
  return { mspId, address, local, processProposal };
}

/** A gateway of organization A over the given endorsers; every endorsement plan asks one of each organization. */
function gatewayOver(endorsers: readonly GatewayEndorser[]) {
  const suspected: string[] = [];
  const planFor = (organizations: readonly string[]): EndorsementPlan =>
    new EndorsementPlan(
      [new Map(organizations.map((mspId) => [mspId, 1]))],
      new Map(organizations.map((mspId) => [mspId, endorsers.filter((one) => one.mspId === mspId)])),
    );
  const registry = {
    hasChannel: (channelId: string) => channelId === 'one',
    evaluationPlan: (_: string, __: string, organizations: readonly string[]) =>
      new EndorsementPlan(
        [new Map([['any', 1]])],
        new Map([
          [
            'any',
            endorsers.filter(({ mspId }) => organizations.length === 0 || organizations.includes(mspId)),
          ],
        ]),
      ),
    planForOrganizations: (_: string, __: string, organizations: readonly string[]) => {
      const missing = organizations.filter((mspId) => !endorsers.some((one) => one.mspId === mspId));
      if (missing.length > 0)
        throw new Error(`failed to find any endorsing peers for org(s): ${missing.join(', ')}`);
      return planFor(organizations);
    },
    endorsementPlan: () => Promise.resolve(planFor([...new Set(endorsers.map(({ mspId }) => mspId))])),
    suspect: ({ address }: GatewayEndorser) => suspected.push(address),
  };
  const context = {
    mspId: 'A',
    registry,
    options: { endorsementTimeoutMs: 1000, broadcastTimeoutMs: 1000 },
    logger: createLogger('gateway'),
  } as unknown as GatewayContext;
  return { context, suspected };
}

function evaluateRequest(transient: Record<string, string> = {}): gateway.EvaluateRequest {
  const request = new gateway.EvaluateRequest();
  request.setProposedTransaction(signedProposal(transient));
  return request;
}

function endorseRequest(): gateway.EndorseRequest {
  const request = new gateway.EndorseRequest();
  request.setProposedTransaction(signedProposal());
  return request;
}

const refusal = async (call: Promise<unknown>): Promise<GatewayStatus> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayStatus)) throw new Error(`expected a GatewayStatus, got ${String(error)}`);
  return error;
};

describe('evaluate', () => {
  it("answers the transaction's result", async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.resolve(endorsed('a0', 'value')), true),
    ]);
    const response = await evaluate(context, evaluateRequest(), forever);
    expect(Buffer.from(response.getResult()?.getPayload_asU8() ?? []).toString()).toBe('value');
  });

  it("passes the chaincode's own error on, with the peer that said it", async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.resolve(answer(500, 'SPOT_NOT_FOUND: P1', 'payload'))),
      endorser('A', 'a1', () => Promise.reject(new Error('must not be asked'))),
    ]);
    const error = await refusal(evaluate(context, evaluateRequest(), forever));
    expect(error.code).toBe(Code.UNKNOWN);
    expect(error.message).toBe(
      'evaluate call to endorser returned error: chaincode response 500, SPOT_NOT_FOUND: P1',
    );
    expect(error.details).toEqual([
      { address: 'a0', mspId: 'A', message: 'chaincode response 500, SPOT_NOT_FOUND: P1' },
    ]);
  });

  it('asks the next peer when one is lost, and remembers the lost one', async () => {
    const { context, suspected } = gatewayOver([
      endorser('A', 'a0', () => Promise.reject(lost())),
      endorser('A', 'a1', () => Promise.resolve(endorsed('a1', 'value'))),
    ]);
    await evaluate(context, evaluateRequest(), forever);
    expect(suspected).toEqual(['a0']);
  });

  it('fails with what every peer said when none answers', async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.reject(lost())),
      endorser('B', 'b0', () => Promise.resolve(answer(500, 'chaincode not installed'))),
    ]);
    const error = await refusal(evaluate(context, evaluateRequest(), forever));
    expect(error.code).toBe(Code.ABORTED);
    expect(error.message).toBe('failed to evaluate transaction, see attached details for more info');
    expect(error.details.map(({ message }) => message)).toEqual([
      'rpc error: code = Unavailable desc = connection refused',
      'chaincode not installed',
    ]);
  });

  it('keeps transient data within the own organization', async () => {
    const { context } = gatewayOver([endorser('B', 'b0', () => Promise.resolve(endorsed('b0', 'leaked')))]);
    await expect(evaluate(context, evaluateRequest({ secret: 'x' }), forever)).rejects.toThrow();
  });

  it('ends when the client goes away', async () => {
    const { context } = gatewayOver([endorser('A', 'a0', () => new Promise(() => undefined))]);
    const client = new AbortController();
    const call = refusal(evaluate(context, evaluateRequest(), client.signal));
    client.abort();
    expect((await call).message).toBe('evaluate timeout expired');
  });

  it('refuses a request without a proposal', async () => {
    const { context } = gatewayOver([]);
    const error = await refusal(evaluate(context, new gateway.EvaluateRequest(), forever));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(error.message).toBe('failed to unpack transaction proposal: a signed proposal is required');
  });
});

describe('endorse', () => {
  it('assembles the transaction from one endorsement of each organization', async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.resolve(endorsed('a0', 'value')), true),
      endorser('B', 'b0', () => Promise.resolve(endorsed('b0', 'value'))),
    ]);
    const response = await endorse(context, endorseRequest(), forever);
    const payload = common.Payload.deserializeBinary(
      response.getPreparedTransaction()?.getPayload_asU8() ?? new Uint8Array(),
    );
    const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    const endorsements = peer.ChaincodeActionPayload.deserializeBinary(
      action?.getPayload_asU8() ?? new Uint8Array(),
    )
      .getAction()
      ?.getEndorsementsList();
    expect(endorsements?.map((one) => Buffer.from(one.getEndorser_asU8()).toString())).toEqual(['a0', 'b0']);
  });

  it('fails over to the other peer of an organization', async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.resolve(endorsed('a0', 'value')), true),
      endorser('B', 'b0', () => Promise.reject(lost())),
      endorser('B', 'b1', () => Promise.resolve(endorsed('b1', 'value'))),
    ]);
    await expect(endorse(context, endorseRequest(), forever)).resolves.toBeDefined();
  });

  it('names the peers whose results differ', async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.resolve(endorsed('a0', 'value')), true),
      endorser('B', 'b0', () => Promise.resolve(endorsed('b0', 'other value'))),
    ]);
    const error = await refusal(endorse(context, endorseRequest(), forever));
    expect(error.code).toBe(Code.ABORTED);
    expect(error.message).toBe(
      'failed to collect enough transaction endorsements, see attached details for more info',
    );
    expect(error.details).toEqual([
      { address: 'b0', mspId: 'B', message: 'ProposalResponsePayloads do not match' },
    ]);
  });

  it('aborts when no peer of the own organization endorses', async () => {
    const { context } = gatewayOver([
      endorser('A', 'a0', () => Promise.resolve(answer(500, 'BAD_INPUT: no', 'payload')), true),
    ]);
    const error = await refusal(endorse(context, endorseRequest(), forever));
    expect(error.code).toBe(Code.ABORTED);
    expect(error.message).toBe('failed to endorse transaction, see attached details for more info');
    expect(error.details[0]?.message).toBe('chaincode response 500, BAD_INPUT: no');
  });

  it('refuses organizations without a peer', async () => {
    const { context } = gatewayOver([endorser('A', 'a0', () => Promise.resolve(endorsed('a0', 'x')), true)]);
    const request = endorseRequest();
    request.setEndorsingOrganizationsList(['A', 'Z']);
    const error = await refusal(endorse(context, request, forever));
    expect(error.code).toBe(Code.UNAVAILABLE);
    expect(error.message).toBe('failed to find any endorsing peers for org(s): Z');
  });
});

describe('error details', () => {
  it('travel as google.rpc.Status', () => {
    const error = toServiceError(
      new GatewayStatus(Code.ABORTED, 'failed', [{ address: 'host:1', mspId: 'A', message: 'why' }]),
    );
    const [bytes] = error.metadata.get('grpc-status-details-bin');
    const status = google.rpc.Status.deserializeBinary(bytes as Buffer);
    const [any] = status.getDetailsList();
    expect(any?.getTypeUrl()).toBe('type.googleapis.com/gateway.ErrorDetail');
    const detail = gateway.ErrorDetail.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
    expect(detail.toObject()).toEqual({ address: 'host:1', mspId: 'A', message: 'why' });
    expect(status.getCode()).toBe(Code.ABORTED);
  });
});
