import { describe, expect, it } from 'vitest';
import { genuineChain } from '../../embedded/peer/commit/genuine-chain';
import { decodeConfig } from '../decode/block';
import { configFromBlock } from '../block';
import { referenceBlock } from '../fixtures/blocks';
import { changesSince, type Configuration } from './configuration';
import { configurationDifferences } from './configuration-changes';
import { Undecodable } from './layer';
import { LedgerBlock } from './ledger-block';

const configurations = genuineChain()
  .map((block) => new LedgerBlock(block).transactions[0]?.content)
  .flatMap((content): Configuration[] =>
    content?.kind === 'configuration' && !(content.configuration instanceof Undecodable)
      ? [content.configuration]
      : [],
  );

describe('an update of a configuration', () => {
  const [genesis, updated] = configurations;
  if (genesis === undefined || updated === undefined) throw new Error('the chain has no update');

  it('says what it changes and who signed it', () => {
    expect(genesis.lastUpdate).toBeUndefined();
    const update = updated.lastUpdate;
    if (update === undefined || update instanceof Undecodable) throw new Error('there is no update');
    expect(update.channelId).toBe('parking-channel');
    expect(update.signatures.map(({ signer }) => `${signer.mspId}.${signer.role ?? ''}`))
      .toMatchInlineSnapshot(`
      [
        "ParkingOperatorMSP.admin",
      ]
    `);
    expect(update.changes).toMatchInlineSnapshot(`
      [
        {
          "after": {
            "anchor_peers": [
              {
                "host": "localhost",
                "port": 27051,
              },
            ],
            "mod_policy": "Admins",
          },
          "kind": "changed",
          "path": [
            "Channel",
            "Application",
            "ParkingOperatorMSP",
            "AnchorPeers",
          ],
        },
      ]
    `);
  });

  it('is what differs between the two configurations', () => {
    expect(changesSince(genesis, updated)).toMatchInlineSnapshot(`
      [
        {
          "before": {
            "host": "localhost",
            "port": 27151,
          },
          "kind": "removed",
          "path": [
            "Channel",
            "Application",
            "ParkingOperatorMSP",
            "AnchorPeers",
            "anchor_peers",
          ],
        },
      ]
    `);
    expect(changesSince(genesis, genesis)).toEqual([]);
  });
});

describe('two configurations', () => {
  it('of two channels differ in organizations, policies and values', () => {
    const [parking, wallet] = ['parking-channel', 'wallet-channel'].map((channel) =>
      decodeConfig(configFromBlock(referenceBlock(channel, 0))),
    );
    const differences = configurationDifferences(parking ?? {}, wallet ?? {});
    expect(differences.map(({ path, kind }) => `${kind}: ${path.join('/')}`)).toMatchInlineSnapshot(`
      [
        "added: Channel/Application/ChargingStationMSP",
      ]
    `);
  });
});
