import '../simulation/quiet';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as charging from '../charging/contract';
import * as parking from '../parking/contract';
import * as user from '../user/contract';
import * as wallet from '../wallet/contract';
import * as names from './network-names';

interface Topology {
  organizations: {
    name: string;
    mspId: string;
    identities?: { name: string; attributes: { role?: string } }[];
  }[];
  channels: { name: string; members: string[] }[];
  contracts: { name: string; channel: string; version: string; owner: string }[];
}

const file = path.join(import.meta.dirname, '../../network/cityflow.yaml');
const topology = parse(readFileSync(file, 'utf8')) as Topology;

const rolesOf = (mspId: string): (string | undefined)[] =>
  (topology.organizations.find((organization) => organization.mspId === mspId)?.identities ?? []).map(
    ({ attributes }) => attributes.role,
  );

describe('the names in the contracts', () => {
  it('are those of the topology', () => {
    expect(rolesOf(names.USER_SERVICE)).toContain(names.REGISTRAR);
    expect(rolesOf(names.PARKING_OPERATOR)).toContain(names.OPERATOR);
    expect(rolesOf(names.CHARGING_STATION)).toContain(names.OPERATOR);
    expect(topology.contracts).toContainEqual(
      expect.objectContaining({ name: names.WALLET_CONTRACT, channel: names.WALLET_CHANNEL }),
    );
  });

  it.each([
    ['user', user.VERSION, new user.UserContract()],
    ['wallet', wallet.VERSION, new wallet.WalletContract()],
    ['parking', parking.VERSION, new parking.ParkingContract()],
    ['charging', charging.VERSION, new charging.ChargingContract()],
  ])('%s has its name and version there', (name, version, contract) => {
    expect(contract.getName()).toBe(name);
    expect(topology.contracts).toContainEqual(expect.objectContaining({ name, version }));
  });

  it('every member of a channel whose contract proves payments is in the wallet channel', () => {
    const members = (channel: string): string[] =>
      topology.channels.find(({ name }) => name === channel)?.members ?? [];
    for (const channel of ['parking-channel', 'charging-channel']) {
      expect(members(names.WALLET_CHANNEL)).toEqual(expect.arrayContaining(members(channel)));
    }
  });
});
