/** Stages of bringing a network up, in order. */
export type BringUpStage =
  | 'material'
  | 'start nodes'
  | 'join orderers'
  | 'join peers'
  | 'install contracts'
  | 'approve contracts'
  | 'commit contracts'
  | 'first calls';

/** One report. Without `item` it is about the stage as a whole, with it about one node, channel or contract in it. */
export interface BringUpReport {
  readonly stage: BringUpStage;
  readonly item?: string;
  /** `kept`: everything was there already. */
  readonly state: 'running' | 'done' | 'kept' | 'failed';
  /** Milliseconds since the stage or item began; 0 for `running`. */
  readonly ms: number;
}

export type BringUpProgress = (report: BringUpReport) => void;

/** Tells a progress port of the stages and of what is done in each. */
export class StageReporter {
  constructor(private readonly progress: BringUpProgress) {}

  /** Runs one stage; it counts as kept when every item of it was. */
  async stage(stage: BringUpStage, run: (item: ItemReporter) => Promise<void>): Promise<void> {
    const began = performance.now();
    let changed = 0;
    this.progress({ stage, state: 'running', ms: 0 });
    const item: ItemReporter = async (name, work) => {
      const itemBegan = performance.now();
      this.progress({ stage, item: name, state: 'running', ms: 0 });
      const finish = (state: 'done' | 'kept' | 'failed'): void =>
        this.progress({ stage, item: name, state, ms: performance.now() - itemBegan });
      try {
        const did = await work();
        if (did) changed++;
        finish(did ? 'done' : 'kept');
      } catch (error) {
        finish('failed');
        throw error;
      }
    };
    try {
      await run(item);
    } catch (error) {
      this.progress({ stage, state: 'failed', ms: performance.now() - began });
      throw error;
    }
    this.progress({ stage, state: changed > 0 ? 'done' : 'kept', ms: performance.now() - began });
  }
}

/** Runs one piece of a stage; it answers whether there was anything to do. */
export type ItemReporter = (name: string, work: () => Promise<boolean>) => Promise<void>;
