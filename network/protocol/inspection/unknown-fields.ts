import { Undecodable } from './layer';
import type { LedgerAction } from './ledger-action';
import type { LedgerTransaction } from './ledger-transaction';

/** A field of a message that this program does not know, with its tag. */
export interface UnknownField {
  /** Where it stands, such as `actions.0.sets.1.public.writes.0`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Everything in a transaction that its layers do not show. */
export function unknownFields(transaction: LedgerTransaction): UnknownField[] {
  const { envelope, payload, channelHeader, signatureHeader, actions } = transaction;
  return [
    ...search(envelope, 'envelope'),
    ...search(payload, 'payload'),
    ...search(channelHeader, 'channelHeader'),
    ...search(signatureHeader, 'signatureHeader'),
    ...actions.flatMap((action, index) => searchAction(action, `actions.${index}`)),
  ];
}

function searchAction(action: LedgerAction, path: string): UnknownField[] {
  const { raw, header, payload, call, response, action: answer, sets, event } = action;
  return Object.entries({ raw, header, payload, call, response, action: answer, sets, event }).flatMap(
    ([name, found]) => search(found, `${path}.${name}`),
  );
}

function search(value: unknown, path: string): UnknownField[] {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Uint8Array || value instanceof Undecodable) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (name !== 'unknown' || !Array.isArray(inner)) return search(inner, `${path}.${name}`);
    return inner.filter((field) => field instanceof Uint8Array).map((bytes) => ({ path, bytes }));
  });
}
