import { wordsOf } from './engine-answer';

export interface PassedOver {
  readonly source: string;
  readonly address: string;
  readonly reason: string;
}

/** No engine can be used; `tried` says where one was looked for and what was in the way. */
export class EngineUnavailableError extends Error {
  constructor(readonly tried: readonly PassedOver[]) {
    super(
      `no Docker engine can be used: ${tried
        .map(({ source, address, reason }) => `${source} (${address}): ${reason}`)
        .join('; ')}`,
    );
    this.name = 'EngineUnavailableError';
  }
}

/** The engine that was found does not answer any more. */
export class EngineLostError extends Error {
  constructor(
    readonly address: string,
    cause: unknown,
  ) {
    super(`the Docker engine at ${address} does not answer: ${wordsOf(cause)}`, { cause });
    this.name = 'EngineLostError';
  }
}
