import type { RunnableChaincode } from './members';

/** Instance of a peer process and a count within it: the higher pair is the newer statement. */
export type StatementVersion = readonly [instance: number, count: number];

/** What a peer says about itself on one channel; the envelope around it names the channel and is signed. */
export interface StatementBody {
  readonly purpose: 'membership';
  readonly endpoint: string;
  readonly version: StatementVersion;
  readonly height: number;
  readonly chaincodes: readonly RunnableChaincode[];
}

/** A question for news: statements of the asker, and the versions it knows, by channel and `<MSP> <endpoint>`. */
export interface ExchangeBody {
  readonly purpose: 'exchange';
  /** Endpoint of the asker. */
  readonly from: string;
  readonly known: Readonly<Record<string, Readonly<Record<string, StatementVersion>>>>;
  /** Signed envelopes, base64. */
  readonly statements: readonly string[];
}

/** Statements the asker does not know yet, and the channels on which the asked one lacks the asker's own. */
export interface ExchangeAnswer {
  readonly statements: readonly string[];
  readonly wanted: readonly string[];
}

/** What another peer sent is not what it should be. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export function writeMessage(message: StatementBody | ExchangeBody | ExchangeAnswer): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Throws MalformedMessage, as all readers here. */
export function readStatementBody(bytes: Uint8Array): StatementBody {
  const fields = parse(bytes, 'membership');
  return {
    purpose: 'membership',
    endpoint: text(fields['endpoint']),
    version: version(fields['version']),
    height: count(fields['height']),
    chaincodes: list(fields['chaincodes']).map((entry) => {
      const chaincode = record(entry);
      return { name: text(chaincode['name']), sequence: count(chaincode['sequence']) };
    }),
  };
}

export function readExchangeBody(bytes: Uint8Array): ExchangeBody {
  const fields = parse(bytes, 'exchange');
  const known = Object.entries(record(fields['known'])).map(([channel, versions]) => [
    channel,
    Object.fromEntries(Object.entries(record(versions)).map(([key, value]) => [key, version(value)])),
  ]);
  return {
    purpose: 'exchange',
    from: text(fields['from']),
    known: Object.fromEntries(known) as ExchangeBody['known'],
    statements: list(fields['statements']).map(text),
  };
}

export function readExchangeAnswer(bytes: Uint8Array): ExchangeAnswer {
  const fields = parse(bytes);
  return { statements: list(fields['statements']).map(text), wanted: list(fields['wanted']).map(text) };
}

// Read by hand: a schema library would cost each peer megabytes of memory.

/** The purpose keeps what was signed for one use from being taken for another. */
function parse(bytes: Uint8Array, purpose?: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new MalformedMessage('the message is no JSON', { cause });
  }
  const fields = record(value);
  if (purpose !== undefined && fields['purpose'] !== purpose) {
    throw new MalformedMessage(`the message was not signed for the purpose ${purpose}`);
  }
  return fields;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new MalformedMessage('an object was expected');
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new MalformedMessage('a list was expected');
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new MalformedMessage('a text was expected');
}

function count(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new MalformedMessage('a whole number was expected');
}

function version(value: unknown): StatementVersion {
  const [instance, counted, ...more] = list(value);
  if (more.length > 0) throw new MalformedMessage('a version has two numbers');
  return [count(instance), count(counted)];
}
