import type { Json, JsonObject } from '../decode/schema';

/** One thing that differs between two configurations. */
export interface ConfigurationChange {
  /** From the channel down, such as Channel, Application, UserService, AnchorPeers, anchor_peers. */
  readonly path: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent where it was not there, or is not told: an update says what it writes, not what stood there. */
  readonly before?: Json;
  readonly after?: Json;
}

const ROOT = 'Channel';

/** Elements of a group: what they are called in JSON, and how a path names them. */
const KINDS = ['values', 'policies'] as const;

/**
 * What differs between two configurations, as deep as their values go. Versions are left out: they only count changes.
 * @param before and `after`: common.Config as configtxlator shows it
 */
export function configurationDifferences(before: JsonObject, after: JsonObject): ConfigurationChange[] {
  return groupDifferences(objectAt(before, 'channel_group'), objectAt(after, 'channel_group'), [ROOT]);
}

function groupDifferences(
  before: JsonObject,
  after: JsonObject,
  path: readonly string[],
): ConfigurationChange[] {
  const elements = KINDS.flatMap((kind) =>
    namesOf(before, after, kind).flatMap((name) => {
      const content = (group: JsonObject): Json | undefined => contentOf(objectAt(group, kind)[name], kind);
      return differences(content(before), content(after), [...path, name]);
    }),
  );
  const groups = namesOf(before, after, 'groups').flatMap((name) => {
    const old = objectAt(before, 'groups')[name];
    const fresh = objectAt(after, 'groups')[name];
    const below = [...path, name];
    if (!isObject(old))
      return [{ path: below, kind: 'added' as const, ...(fresh !== undefined && { after: fresh }) }];
    if (!isObject(fresh)) return [{ path: below, kind: 'removed' as const, before: old }];
    return groupDifferences(old, fresh, below);
  });
  const policy = differences(before['mod_policy'], after['mod_policy'], [...path, 'mod_policy']);
  return [...policy, ...elements, ...groups];
}

/** What a value or policy says, and who may change it. */
function contentOf(element: Json | undefined, kind: (typeof KINDS)[number]): Json | undefined {
  if (!isObject(element)) return element;
  const content = element[kind === 'values' ? 'value' : 'policy'];
  return isObject(content)
    ? { ...content, mod_policy: element['mod_policy'] ?? '' }
    : { value: content ?? null, mod_policy: element['mod_policy'] ?? '' };
}

function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
): ConfigurationChange[] {
  if (sameJson(before, after)) return [];
  if (before === undefined || before === null)
    return after === undefined ? [] : [{ path, kind: 'added', after }];
  if (after === undefined || after === null) return [{ path, kind: 'removed', before }];
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      differences(before[name], after[name], [...path, name]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  return [{ path, kind: 'changed', before, after }];
}

/** Lists of certificates, addresses and anchor peers are sets; a list that only changed its order is told as a whole. */
function listDifferences(
  before: readonly Json[],
  after: readonly Json[],
  path: readonly string[],
): ConfigurationChange[] {
  const gone = before.filter((entry) => !after.some((other) => sameJson(entry, other)));
  const fresh = after.filter((entry) => !before.some((other) => sameJson(entry, other)));
  if (gone.length === 0 && fresh.length === 0) {
    return [{ path, kind: 'changed', before: [...before], after: [...after] }];
  }
  return [
    ...gone.map((entry) => ({ path, kind: 'removed' as const, before: entry })),
    ...fresh.map((entry) => ({ path, kind: 'added' as const, after: entry })),
  ];
}

/**
 * What an update asks for: elements whose version it raises, and what a raised group no longer has
 * (common/configtx/update.go).
 * @param update common.ConfigUpdate as configtxlator shows it
 */
export function updateChanges(update: JsonObject): ConfigurationChange[] {
  return raisedIn(objectAt(update, 'read_set'), objectAt(update, 'write_set'), [ROOT]);
}

function raisedIn(read: JsonObject, write: JsonObject, path: readonly string[]): ConfigurationChange[] {
  const raised = isRaised(read, write);
  const changes: ConfigurationChange[] = [];
  if (raised && read['mod_policy'] !== write['mod_policy'] && write['mod_policy'] !== '') {
    changes.push({ path: [...path, 'mod_policy'], kind: 'changed', after: write['mod_policy'] ?? '' });
  }
  for (const kind of KINDS) {
    for (const name of namesOf(read, write, kind)) {
      const old = objectAt(read, kind)[name];
      const fresh = objectAt(write, kind)[name];
      const below = [...path, name];
      if (!isObject(fresh)) {
        if (raised) changes.push({ path: below, kind: 'removed' });
      } else if (!isObject(old) || isRaised(old, fresh)) {
        const after = contentOf(fresh, kind);
        const isNew = !isObject(old) && fresh['version'] === '0';
        changes.push({
          path: below,
          kind: isNew ? 'added' : 'changed',
          ...(after !== undefined && { after }),
        });
      }
    }
  }
  for (const name of namesOf(read, write, 'groups')) {
    const old = objectAt(read, 'groups')[name];
    const fresh = objectAt(write, 'groups')[name];
    const below = [...path, name];
    if (!isObject(fresh)) {
      if (raised) changes.push({ path: below, kind: 'removed' });
    } else if (!isObject(old) && fresh['version'] === '0') {
      changes.push({ path: below, kind: 'added', after: fresh });
    } else {
      changes.push(...raisedIn(isObject(old) ? old : {}, fresh, below));
    }
  }
  return changes;
}

const isRaised = (read: JsonObject, write: JsonObject): boolean => versionOf(write) > versionOf(read);

/** Versions are 64-bit numbers, written as text. */
function versionOf({ version }: JsonObject): bigint {
  return typeof version === 'string' ? BigInt(version) : 0n;
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

function objectAt(json: JsonObject, name: string): JsonObject {
  const found = json[name];
  return isObject(found) ? found : {};
}

const namesOf = (one: JsonObject, other: JsonObject, kind: string): string[] =>
  [...new Set([...Object.keys(objectAt(one, kind)), ...Object.keys(objectAt(other, kind))])].sort();

const sameJson = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
