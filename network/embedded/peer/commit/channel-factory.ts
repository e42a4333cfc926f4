import { common } from '@hyperledger/fabric-protos';
import {
  channelIdOfBlock,
  configEnvelopeFromBlock,
  isConfigBlock,
  blockData,
  blockHeader,
} from '../../../protocol/block';
import { ChannelConfig, ChannelConfigError } from '../../../protocol/channel-config';
import type { Signer } from '../../../protocol/signing';
import { VALID } from '../../../protocol/validation-code';
import { decodeMessage } from '../../../protocol/wire';
import type { Metrics } from '../../node/metrics';
import {
  blockTransactions,
  CONFIG_KEY,
  CONFIG_NAMESPACE,
} from '../../../protocol/validation/block-transaction';
import { LevelChannelLedger, type LedgerOptions } from '../ledger/channel-ledger';
import { BlockMismatch, LedgerError } from '../ledger/ledger-errors';
import type { StateReader } from '../ledger/state-database';
import { ledgerMetrics } from '../ledger/ledger-metrics';
import { NO_PRIVATE_DATA } from '../ledger/private-data';
import type { ChannelFactory, OpenChannel } from '../services/joined-channels';
import { BlockValidator } from '../../../protocol/validation/block-validator';
import { isMember } from './collection-membership';
import { ChannelCommitter } from './committer';
import { CommittedDefinitions } from '../../../protocol/validation/definitions';
import { OrdererStream, type ConnectOrderer, type TlsIdentity } from './orderer-stream';
import type { PrivateDataSource } from './private-data-retrieval';
import { Reconciler } from './reconciler';

/** Rules of validation this peer knows (common/capabilities/application.go up to 2.5). */
const KNOWN_CAPABILITIES = ['V1_1', 'V1_2', 'V1_3', 'V1_4_2', 'V2_0', 'V2_5'];

export interface ChannelFactoryDependencies {
  readonly signer: Signer;
  readonly tls: TlsIdentity | undefined;
  readonly metrics?: Metrics;
  /** How orderers are reached; by their Deliver service unless told otherwise. */
  readonly connect?: ConnectOrderer;
  /** Other peers of the organization; without them missing private write sets stay missing. */
  readonly privateData?: PrivateDataSource;
}

/** A channel with its ledger, following its orderers once told to. */
export interface CommittingChannel extends OpenChannel {
  readonly ledger: LevelChannelLedger;
  /** Checks, validates and commits the next block, as if an orderer had just sent it. */
  commit(block: common.Block): Promise<void>;
}

export interface CommittingChannelFactory extends ChannelFactory {
  open(folder: string, channelId: string): Promise<CommittingChannel | undefined>;
  create(folder: string, genesis: common.Block): Promise<CommittingChannel>;
}

/** Opens and makes the channels of a peer. */
export function channelFactory(deps: ChannelFactoryDependencies): CommittingChannelFactory {
  const metrics = deps.metrics && ledgerMetrics(deps.metrics);
  const openLedger = (folder: string, channelId: string): Promise<LevelChannelLedger> => {
    const options: LedgerOptions = {
      ...(metrics === undefined ? {} : { metrics }),
      blockToLive: (state) => {
        const definitions = new CommittedDefinitions(state);
        return (namespace, collection) => definitions.blockToLive(namespace, collection);
      },
      mayHold: async (state, namespace, collection) => {
        const definitions = new CommittedDefinitions(state);
        return isMember(deps.signer, await configOf(channelId, state), definitions, namespace, collection);
      },
    };
    return LevelChannelLedger.open(folder, channelId, options);
  };
  return {
    open: async (folder, channelId) => {
      const ledger = await openLedger(folder, channelId);
      if (ledger.height > 0) return committingChannel(ledger, await configOf(channelId, ledger.state), deps);
      await ledger.close();
      return undefined;
    },
    create: async (folder, genesis) => {
      const config = checkGenesis(genesis);
      const ledger = await openLedger(folder, config.channelId);
      if (ledger.height === 0) {
        const transactions = blockTransactions(blockData(genesis));
        const codes = transactions.map(() => VALID);
        // A copy: the caller's block stays without this peer's metadata.
        const block = common.Block.deserializeBinary(genesis.serializeBinary());
        await ledger.commit({ block, transactions, codes }, () => Promise.resolve(NO_PRIVATE_DATA));
      }
      return committingChannel(ledger, config, deps);
    },
  };
}

/** The configuration of a block a channel can begin with. Throws BlockMismatch or ChannelConfigError. */
function checkGenesis(genesis: common.Block): ChannelConfig {
  const number = blockHeader(genesis).getNumber();
  if (number !== 0) throw new BlockMismatch(`a channel is joined by its block 0, this is block ${number}`);
  if (!isConfigBlock(genesis))
    throw new BlockMismatch('a channel is joined by a configuration block, this is none');
  configEnvelopeFromBlock(genesis);
  const config = ChannelConfig.fromBlock(genesis);
  checkCapabilities(config);
  if (config.organizations().length === 0) {
    throw new ChannelConfigError(`channel ${channelIdOfBlock(genesis)} has no application organizations`);
  }
  return config;
}

function checkCapabilities(config: ChannelConfig): void {
  const { application } = config.capabilities();
  const unknown = application.find((name) => !KNOWN_CAPABILITIES.includes(name));
  if (unknown !== undefined) {
    throw new ChannelConfigError(`Application capability ${unknown} is required but not supported`);
  }
  if (!application.some((name) => ['V2_0', 'V2_5'].includes(name))) {
    throw new ChannelConfigError(
      `channel ${config.channelId} has application capabilities [${application.join(', ')}]; this peer validates by the ` +
        'rules of V2_0 and later only',
    );
  }
}

/** The configuration in force, from committed state. */
async function configOf(channelId: string, state: StateReader): Promise<ChannelConfig> {
  const stored = await state.get(CONFIG_NAMESPACE, CONFIG_KEY);
  const config = stored && decodeMessage(common.ConfigEnvelope, stored.value, 'ConfigEnvelope').getConfig();
  if (config === undefined) {
    throw new LedgerError(
      `the state of ${channelId} holds no channel configuration: delete the folder 'state' of this channel, it ` +
        'is rebuilt from the blocks',
    );
  }
  return ChannelConfig.fromConfig(channelId, config);
}

function committingChannel(
  ledger: LevelChannelLedger,
  config: ChannelConfig,
  deps: ChannelFactoryDependencies,
): CommittingChannel {
  const definitions = new CommittedDefinitions(ledger.state);
  const validator = new BlockValidator(ledger, definitions, config);
  const reconciler = deps.privateData && new Reconciler(ledger, deps.privateData);
  const committer = new ChannelCommitter({
    ledger,
    validator,
    definitions,
    connect:
      deps.connect ??
      ((endpoint, channel, from) => new OrdererStream(endpoint, channel, from, deps.signer, deps.tls)),
    onMissing: () => reconciler?.hurry(),
    privateData: {
      channelId: ledger.channelId,
      transientStore: ledger.transientStore,
      source: deps.privateData,
      isMember: (namespace, collection) =>
        isMember(deps.signer, validator.config, definitions, namespace, collection),
    },
  });
  return {
    id: ledger.channelId,
    ledger,
    config: () => committer.config,
    commit: (block) => committer.commit(block),
    follow: () => {
      committer.start();
      reconciler?.start();
    },
    close: async () => {
      await committer.stop();
      await reconciler?.stop();
      await ledger.close();
    },
  };
}
