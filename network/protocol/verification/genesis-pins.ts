import { hex } from './block-checks';
import { fails, holds, notCheckable, type Check } from './check';

/** Where the hashes of channels' blocks 0 are remembered: the anchor of trust in a ledger. */
export interface GenesisPins {
  get(channelId: string): Promise<Uint8Array | undefined>;
  /** Called once a channel, when it is seen for the first time. */
  pin(channelId: string, headerHash: Uint8Array): Promise<void>;
}

/** Compares block 0 with the one remembered; the first one seen, if nothing speaks against it, is remembered. */
export async function checkGenesis(
  pins: GenesisPins,
  channelId: string,
  headerHash: Uint8Array,
  sound: boolean,
): Promise<Check> {
  const check = 'genesis hash';
  const found = hex(headerHash);
  const pinned = await pins.get(channelId);
  if (pinned !== undefined) {
    return hex(pinned) === found
      ? holds(check, found)
      : fails(
          check,
          `remembered is ${hex(pinned)}, this block 0 hashes to ${found}: it is another channel of that name`,
        );
  }
  if (!sound)
    return notCheckable(check, 'no hash is remembered, and this block 0 is damaged: it was not remembered');
  await pins.pin(channelId, headerHash);
  return notCheckable(check, `seen for the first time: ${found} is remembered from now on`);
}

/** Remembers for as long as it lives. */
export class MemoryPins implements GenesisPins {
  readonly #pins = new Map<string, Uint8Array>();

  get(channelId: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#pins.get(channelId));
  }

  pin(channelId: string, headerHash: Uint8Array): Promise<void> {
    this.#pins.set(channelId, headerHash);
    return Promise.resolve();
  }
}
