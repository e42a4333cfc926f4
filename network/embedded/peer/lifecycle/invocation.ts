import type { ChannelConfig } from '../../../protocol/channel-config';
import type { SystemStub } from '../system/system-stub';
import { implicitCollection } from '../../../protocol/lifecycle/definition';
import type { OpaqueState, RangeableState, ReadWritableState } from '../../../protocol/lifecycle/state';

/** One call of a lifecycle function: its transaction, its channel and who this peer is. */
export interface LifecycleInvocation {
  readonly stub: SystemStub;
  /** MSP id of this peer. */
  readonly mspId: string;
  /** Undefined for calls without a channel. */
  readonly config: ChannelConfig | undefined;
}

/** The channel's configuration. Throws for a call that needs a channel and has none. */
export function channelConfig({ config, stub }: LifecycleInvocation): ChannelConfig {
  if (config === undefined) throw new Error(`no application config for channel '${stub.channelId}'`);
  return config;
}

/** Committed definitions. */
export function publicState(stub: SystemStub): ReadWritableState & RangeableState {
  return {
    getState: (key) => stub.getState(key),
    putState: (key, value) => stub.putState(key, value),
    delState: (key) => stub.delState(key),
    getStateRange: (prefix) => stub.getStateByRange(prefix, `${prefix}\x7f`),
  };
}

/** An organization's own records, in clear: approvals and package ids. */
export function organizationState(stub: SystemStub, mspId: string): ReadWritableState {
  const collection = implicitCollection(mspId);
  return {
    getState: (key) => stub.getPrivateData(collection, key),
    putState: (key, value) => stub.putPrivateData(collection, key, value),
    delState: (key) => stub.delPrivateData(collection, key),
  };
}

/** Any organization's records, as hashes. */
export function opaqueState(stub: SystemStub, mspId: string): OpaqueState {
  const collection = implicitCollection(mspId);
  return { collection, getStateHash: (key) => stub.getPrivateDataHash(collection, key) };
}
