/** Groups envelopes into batches by count and size, as orderer/common/blockcutter does. Time is the chain's matter. */

/** An accepted envelope: its serialized bytes, which go into the block unchanged, and its size as Fabric counts it. */
export interface OrderedEnvelope {
  /** Serialized `common.Envelope`. */
  readonly bytes: Uint8Array;
  /** Length of payload and signature: what limits are compared with. */
  readonly size: number;
}

export interface BatchLimits {
  readonly maxMessageCount: number;
  readonly preferredMaxBytes: number;
}

export type Batch = readonly OrderedEnvelope[];

export interface Ordered {
  /** Batches that are complete: none, one or two. */
  readonly batches: readonly Batch[];
  /** Whether envelopes wait for the next batch, so that the batch timer must run. */
  readonly pending: boolean;
}

export class BlockCutter {
  private batch: OrderedEnvelope[] = [];
  private batchBytes = 0;
  private started = 0n;

  /**
   * @param limits read at each envelope: a configuration may change them
   * @param filled told the seconds from a batch's first envelope to its cutting
   */
  constructor(
    private readonly limits: () => BatchLimits,
    private readonly filled: (seconds: number) => void,
  ) {}

  ordered(envelope: OrderedEnvelope): Ordered {
    const { maxMessageCount, preferredMaxBytes } = this.limits();
    const batches: Batch[] = [];
    if (envelope.size > preferredMaxBytes) {
      if (this.batch.length > 0) batches.push(this.cut());
      batches.push([envelope]);
      this.filled(0);
      return { batches, pending: false };
    }
    if (this.batchBytes + envelope.size > preferredMaxBytes) batches.push(this.cut());
    if (this.batch.length === 0) this.started = process.hrtime.bigint();
    this.batch.push(envelope);
    this.batchBytes += envelope.size;
    if (this.batch.length < maxMessageCount) return { batches, pending: true };
    batches.push(this.cut());
    return { batches, pending: false };
  }

  /** The waiting envelopes as a batch – empty when none wait – and begins the next one. */
  cut(): Batch {
    const batch = this.batch;
    if (batch.length > 0) this.filled(Number(process.hrtime.bigint() - this.started) / 1e9);
    this.batch = [];
    this.batchBytes = 0;
    return batch;
  }
}
