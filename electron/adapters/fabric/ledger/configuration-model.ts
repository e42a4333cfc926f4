import type { Json } from '../../../../network/protocol/decode/schema';
import {
  changesSince,
  type Configuration,
  type ConfigurationUpdate,
} from '../../../../network/protocol/inspection/configuration';
import type { ConfigurationChange } from '../../../../network/protocol/inspection/configuration-changes';
import type { LedgerTransaction } from '../../../../network/protocol/inspection/ledger-transaction';
import type { LedgerConfiguration, LedgerContent } from '../../../api/ledger-models';
import { readable, type Unreadable } from './action-model';
import type { Contents } from './contents';
import { signedModel } from './identity-model';

/**
 * What a configuration transaction changes; null for others.
 * @param previous the configuration in force before; undefined where there is none, or it cannot be read
 */
export function configurationModel(
  { content }: LedgerTransaction,
  isFirst: boolean,
  previous: Configuration | undefined,
  contents: Contents,
  unreadable: Unreadable,
): LedgerConfiguration | null {
  switch (content.kind) {
    case 'configuration': {
      const configuration = readable(content.configuration, 'configuration', unreadable);
      if (configuration === undefined) return null;
      const { sequence, lastUpdate } = configuration;
      const update = lastUpdate && readable(lastUpdate, 'the update it came from', unreadable);
      return {
        sequence,
        ...compared(configuration, isFirst, previous, update, contents),
        signatures: update?.signatures.map(signedModel) ?? [],
      };
    }
    case 'configuration update': {
      const update = readable(content.update, 'configuration update', unreadable);
      if (update === undefined) return null;
      return {
        sequence: null,
        comparedWith: 'update',
        changes: changeModels(update.changes, contents),
        signatures: update.signatures.map(signedModel),
      };
    }
    case 'endorser transaction':
    case 'other':
      return null;
  }
}

function compared(
  configuration: Configuration,
  isFirst: boolean,
  previous: Configuration | undefined,
  update: ConfigurationUpdate | undefined,
  contents: Contents,
): Pick<LedgerConfiguration, 'comparedWith' | 'changes'> {
  if (isFirst) return { comparedWith: 'first', changes: [] };
  if (previous === undefined) {
    return { comparedWith: 'update', changes: changeModels(update?.changes ?? [], contents) };
  }
  return {
    comparedWith: 'previous',
    changes: changeModels(changesSince(previous, configuration), contents),
  };
}

function changeModels(
  changes: readonly ConfigurationChange[],
  contents: Contents,
): LedgerConfiguration['changes'] {
  return changes.map(({ path, kind, before, after }, index) => {
    const side = (name: string, json: Json | undefined): LedgerContent | null =>
      json === undefined
        ? null
        : contents.of(
            `configuration.${index}.${name}`,
            Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)),
          );
    return { path: [...path], kind, before: side('before', before), after: side('after', after) };
  });
}
