import { ChaincodeMetrics } from '../chaincode/metrics';
import { ChaincodeSupport } from '../chaincode/support';
import type { PeerContext } from '../channel';
import { ChaincodeInfo } from '../lifecycle/chaincode-info';
import { LifecycleChaincode } from '../lifecycle/lifecycle-chaincode';
import { PackageStore } from '../lifecycle/package-store';
import type { Metrics } from '../../node/metrics';
import { PeerConfiguration } from '../system/cscc';
import { LedgerQueries } from '../system/qscc';
import { AccessControl } from './access-control';
import { Endorser } from './endorser';
import { EndorserMetrics } from './metrics';
import type { PrivateDataDistributor } from './private-writes';

export interface EndorsingOptions {
  readonly context: PeerContext;
  readonly metrics: Metrics;
  readonly distributor: PrivateDataDistributor;
  /** `<CORE_PEER_FILESYSTEMPATH>/lifecycle/chaincodes`. */
  readonly packagesFolder: string;
  /** CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG. */
  readonly builderConfig?: string | undefined;
  /** CORE_CHAINCODE_EXECUTETIMEOUT, milliseconds; 30 s. */
  readonly executeTimeoutMs?: number;
  /** CORE_CHAINCODE_STARTUPTIMEOUT, milliseconds; 300 s. */
  readonly startupTimeoutMs?: number;
  /** CORE_CHAINCODE_KEEPALIVE, milliseconds; 0 (none). */
  readonly keepaliveMs?: number;
  /** CORE_LEDGER_STATE_TOTALQUERYLIMIT; 100 000. */
  readonly totalQueryLimit?: number;
}

/** The endorsing half of a peer, assembled. */
export interface Endorsing {
  readonly endorser: Endorser;
  readonly support: ChaincodeSupport;
  readonly packages: PackageStore;
  readonly info: ChaincodeInfo;
  readonly accessControl: AccessControl;
  /** Ends the streams to chaincodes. */
  close(): Promise<void>;
}

/** Defaults are those of the sample core.yaml. Throws when an installed package cannot be read. */
export async function openEndorsing(options: EndorsingOptions): Promise<Endorsing> {
  const { context, metrics } = options;
  const channel = (channelId: string): ReturnType<PeerContext['channel']> => context.channel(channelId);
  const packages = await PackageStore.open(options.packagesFolder, options.builderConfig);
  const info = new ChaincodeInfo(context.localMsp.mspId, packages);
  const accessControl = new AccessControl(context.localMsp, channel);
  const support = new ChaincodeSupport({
    info,
    packages,
    accessControl,
    channel,
    systemChaincodes: [
      new LifecycleChaincode(context, accessControl, packages, info),
      new PeerConfiguration(context, accessControl),
      new LedgerQueries(channel, accessControl),
    ],
    metrics: new ChaincodeMetrics(metrics),
    executeTimeoutMs: options.executeTimeoutMs ?? 30_000,
    startupTimeoutMs: options.startupTimeoutMs ?? 300_000,
    keepaliveMs: options.keepaliveMs ?? 0,
    totalQueryLimit: options.totalQueryLimit ?? 100_000,
  });
  const endorser = new Endorser({
    context,
    support,
    info,
    accessControl,
    distributor: options.distributor,
    metrics: new EndorserMetrics(metrics),
  });
  return { endorser, support, packages, info, accessControl, close: () => support.close() };
}
