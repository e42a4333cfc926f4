import { common, ledger, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockData } from '../../../protocol/block';
import { ChannelConfig } from '../../../protocol/channel-config';
import { referenceBlock } from '../../../protocol/fixtures/blocks';
import { Metrics } from '../../node/metrics';
import { ChaincodeMetrics } from '../chaincode/metrics';
import { MemoryLedger, keyHash } from '../endorser/fixtures/memory-ledger';
import { TransactionSimulator } from '../endorser/simulator';
import { sha256 } from '../../../protocol/hash';
import { SystemStub } from '../system/system-stub';
import { approveForMyOrg } from './approve';
import { commitDefinition } from './commit';
import { implicitCollection, storedParameters } from '../../../protocol/lifecycle/definition';
import type { LifecycleInvocation } from './invocation';
import { proposedDefinition } from './proposed-definition';
import { fieldKey, metadataKey } from '../../../protocol/lifecycle/serializer';

const { kvrwset } = ledger.rwset;

/** The lifecycle transactions genuine peers endorsed, endorsed again: reads, writes and private hashes must be the same bytes. */
describe('lifecycle, against what genuine peers endorsed', () => {
  const config = ChannelConfig.fromBlock(referenceBlock('parking-channel', 0));

  it('approves a first definition with the same read/write set and private hashes', async () => {
    const reference = lifecycleTransaction(1);
    expect(reference.name).toBe('ApproveChaincodeDefinitionForMyOrg');
    const [collection] = collectionsOf(reference.results);
    const mspId = collection?.replace('_implicit_org_', '') ?? '';
    const results = await endorse(new MemoryLedger('parking-channel'), mspId, (invocation) =>
      approveForMyOrg(
        invocation,
        peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs.deserializeBinary(reference.input),
      ),
    );
    expect(results).toBe(hex(reference.results));
  });

  it('commits it with the same read/write set, given the approvals', async () => {
    const reference = lifecycleTransaction(4);
    expect(reference.name).toBe('CommitChaincodeDefinition');
    const args = peer.lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(reference.input);
    const memory = new MemoryLedger('parking-channel');
    approveAsRecorded(memory, reference.results, args, config);
    const [collection] = collectionsOf(reference.results);
    const results = await endorse(memory, collection?.replace('_implicit_org_', '') ?? '', (invocation) =>
      commitDefinition(invocation, args),
    );
    expect(results).toBe(hex(reference.results));
  });

  it('says that the own organization has not approved when only others have', async () => {
    const reference = lifecycleTransaction(4);
    const args = peer.lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(reference.input);
    await expect(
      endorse(new MemoryLedger('parking-channel'), 'UserServiceMSP', (invocation) =>
        commitDefinition(invocation, args),
      ),
    ).rejects.toThrow('chaincode definition not agreed to by this org (UserServiceMSP)');
  });

  async function endorse(
    memory: MemoryLedger,
    mspId: string,
    run: (invocation: LifecycleInvocation) => Promise<unknown>,
  ): Promise<string> {
    const simulator = new TransactionSimulator({
      txId: 'tx',
      snapshot: await memory.snapshot(),
      organizations: config.organizations().map((organization) => organization.mspId),
    });
    const params = {
      channelId: 'parking-channel',
      txId: 'tx',
      signedProposal: new peer.SignedProposal(),
      simulator,
    };
    const stub = new SystemStub('_lifecycle', params, [], new ChaincodeMetrics(new Metrics()));
    await run({ stub, mspId, config });
    return hex(simulator.results().publicSet.serializeBinary());
  }
});

interface LifecycleTransaction {
  readonly name: string;
  readonly input: Uint8Array;
  readonly results: Uint8Array;
}

function lifecycleTransaction(number: number): LifecycleTransaction {
  const [envelope] = blockData(referenceBlock('parking-channel', number));
  const payload = common.Payload.deserializeBinary(
    common.Envelope.deserializeBinary(envelope ?? new Uint8Array()).getPayload_asU8(),
  );
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(
    action?.getPayload_asU8() ?? new Uint8Array(),
  );
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(
    actionPayload.getChaincodeProposalPayload_asU8(),
  );
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec();
  const [name, input] = spec?.getInput()?.getArgsList_asU8() ?? [];
  const response = peer.ProposalResponsePayload.deserializeBinary(
    actionPayload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  return {
    name: Buffer.from(name ?? []).toString('utf8'),
    input: input ?? new Uint8Array(),
    results: peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8(),
  };
}

function collectionsOf(results: Uint8Array): string[] {
  return lifecycleSet(results)
    .getCollectionHashedRwsetList()
    .map((collection) => collection.getCollectionName());
}

function lifecycleSet(results: Uint8Array): ledger.rwset.NsReadWriteSet {
  const namespaces = ledger.rwset.TxReadWriteSet.deserializeBinary(results).getNsRwsetList();
  const found = namespaces.find((namespace) => namespace.getNamespace() === '_lifecycle');
  if (found === undefined) throw new Error('the transaction has no _lifecycle namespace');
  return found;
}

/** Approvals at the versions the transaction says it read them. */
function approveAsRecorded(
  memory: MemoryLedger,
  results: Uint8Array,
  args: peer.lifecycle.CommitChaincodeDefinitionArgs,
  config: ChannelConfig,
): void {
  const privateName = `${args.getName()}#${args.getSequence()}`;
  const stored = storedParameters(proposedDefinition(args, config));
  const metadata = new peer.lifecycle.StateMetadata();
  metadata.setDatatype(stored.typeName);
  metadata.setFieldsList(stored.fields.map(({ name }) => name));
  const values = new Map([
    [metadataKey('namespaces', privateName), metadata.serializeBinary()],
    ...stored.fields.map(({ name, data }): [string, Uint8Array] => [
      fieldKey('namespaces', privateName, name),
      data.serializeBinary(),
    ]),
  ]);
  for (const collection of lifecycleSet(results).getCollectionHashedRwsetList()) {
    const reads = kvrwset.HashedRWSet.deserializeBinary(
      collection.getHashedRwset_asU8(),
    ).getHashedReadsList();
    for (const [key, value] of values) {
      const version = reads.find((read) => keyHash(key).equals(read.getKeyHash_asU8()))?.getVersion();
      if (version === undefined) continue;
      memory.setPrivateHash(collection.getCollectionName(), keyHash(key), sha256(value), {
        block: version.getBlockNum(),
        tx: version.getTxNum(),
      });
    }
  }
  expect(collectionsOf(results)).toContain(implicitCollection('ParkingOperatorMSP'));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
