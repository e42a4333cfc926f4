import type { common } from '@hyperledger/fabric-protos';
import {
  blockHeader,
  blockHeaderHash,
  commitHash,
  transactionsFilter,
} from '../../../network/protocol/block';
import { BlockVerifier } from '../../../network/protocol/verification/block-verifier';
import { ChainVerifier } from '../../../network/protocol/verification/chain-verifier';
import type { GenesisPins } from '../../../network/protocol/verification/genesis-pins';
import { ReportBuilder } from '../../../network/protocol/verification/report';
import type { ChainReport, ClaimedTip } from '../../../network/protocol/verification/report';
import { toProblem } from '../../core/problem';
import type { FailureContext } from './problem-sources';
import { fabricProblem } from './problems';

export interface PeerBlocks {
  readonly name: string;
  readonly blocks: AsyncGenerator<common.Block>;
}

type Verify = (number: number, block: common.Block) => Promise<void> | void;

interface Finding {
  readonly block: number;
  readonly check: string;
  readonly detail: string;
}

/** A damaged chain would fill memory with the same words. */
const MAX_FINDINGS = 200;

/**
 * Reads one chain from several peers in step. That of the first peer is verified whole: hashes, signatures, certificates,
 * the outcome of every transaction. On the others: header hash chain, data hash and orderer signatures; between peers:
 * header hash, validation filter and commit hash (the bytes of two peers' blocks may differ: with several orderers each
 * signs its own copy).
 */
export class ChainVerification {
  readonly problems: Finding[] = [];
  blocks = 0;
  readonly #whole: ChainVerifier;
  readonly #report: ReportBuilder;

  constructor(
    private readonly channel: string,
    private readonly context: FailureContext,
    pins: GenesisPins,
  ) {
    this.#whole = new ChainVerifier(channel, { pins });
    this.#report = new ReportBuilder(channel);
  }

  report(block: number, check: string, detail: string): void {
    if (this.problems.length < MAX_FINDINGS) this.problems.push({ block, check, detail });
  }

  /** What was found of the first peer's chain. @param tip as that peer said before it was read */
  chainReport(tip: ClaimedTip): ChainReport {
    const report = this.#report.finish(tip);
    for (const { block, check, reason } of report.anomalies) {
      if (check === 'tip') this.report(block, check, reason);
    }
    return report;
  }

  /** @param tip number of the last block to be read */
  async run(peers: readonly PeerBlocks[], tip: number, onBlock: (number: number) => void): Promise<void> {
    let reading = peers.map((peer, index) => ({
      ...peer,
      verify: index === 0 ? this.#verifyWhole(peer.name) : this.#verifyLight(peer.name),
    }));
    try {
      for (let number = 0; number <= tip && reading.length > 0; number += 1) {
        const read = await Promise.all(
          reading.map(async (peer) => ({ peer, block: await this.#next(peer, number) })),
        );
        const present = read.flatMap(({ peer, block }) => (block ? [{ peer, block }] : []));
        for (const { peer, block } of present) await peer.verify(number, block);
        this.#compare(
          number,
          present.map(({ peer, block }) => ({ name: peer.name, block })),
        );
        reading = present.map(({ peer }) => peer);
        if (present.length > 0) this.blocks += 1;
        onBlock(number);
      }
    } finally {
      await Promise.all(peers.map((peer) => peer.blocks.return(undefined)));
    }
  }

  #verifyWhole(name: string): Verify {
    return async (number, block) => {
      const verified = await this.#whole.verify(block);
      this.#report.add(verified);
      for (const { check, reason, anomaly } of verified.checks) {
        if (anomaly) this.report(number, check, `${name}: ${reason}`);
      }
      for (const { position, checks } of verified.transactions) {
        for (const { check, reason, anomaly } of checks) {
          if (anomaly) this.report(number, check, `${name}: transaction ${position}: ${reason}`);
        }
      }
    };
  }

  #verifyLight(name: string): Verify {
    const verifier = new BlockVerifier(this.channel);
    return (number, block) => {
      for (const { check, verdict, reason } of verifier.verify(block)) {
        // Nobody signs block 0; behind it, what cannot be checked is not in order either.
        if (verdict === 'holds' || (verdict === 'not checkable' && number === 0)) continue;
        this.report(number, check, `${name}: ${reason}`);
      }
    };
  }

  async #next(peer: PeerBlocks, number: number): Promise<common.Block | undefined> {
    try {
      const next = await peer.blocks.next();
      if (next.done !== true) return next.value;
      this.report(number, 'block is there', `${peer.name} did not deliver it in time.`);
    } catch (error) {
      const { title, detail } = toProblem(fabricProblem(error, this.context));
      this.report(number, 'block is there', `${peer.name}: ${title} ${detail}`);
    }
    return undefined;
  }

  #compare(number: number, present: readonly { name: string; block: common.Block }[]): void {
    const [first, ...others] = present.map(({ name, block }) => ({ name, ...sameness(block) }));
    if (!first) return;
    for (const other of others) {
      for (const check of ['header hash', 'validation filter', 'commit hash'] as const) {
        if (first[check] === other[check]) continue;
        this.report(
          number,
          `same ${check} on every peer`,
          `${first.name} has ${first[check] || 'none'}, ${other.name} has ${other[check] || 'none'}`,
        );
      }
    }
  }
}

/** What makes a block of two peers the same one. */
function sameness(block: common.Block) {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return {
    'header hash': hex(blockHeaderHash(blockHeader(block))),
    'validation filter': hex(transactionsFilter(block)),
    'commit hash': hex(commitHash(block)),
  };
}
