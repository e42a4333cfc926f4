import type { ContractEndorsement } from '../../../electron/api/contract-models';

export const joined = (names: readonly string[], word: 'and' | 'or'): string => {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${word} ${last}`;
};

/** Organizations that every sufficient set holds. */
export const neededAlways = ({ sufficient }: ContractEndorsement): readonly string[] =>
  (sufficient[0] ?? []).filter((mspId) => sufficient.every((set) => set.includes(mspId)));

/** Who has to endorse: `ParkingOperator, and UserService or CityManagement`. */
export function endorsementWords(endorsement: ContractEndorsement): string {
  const { sufficient, organizations, policy } = endorsement;
  const nameOf = (mspId: string) => organizations.find((one) => one.mspId === mspId)?.name ?? mspId;
  if (sufficient.length === 0) return policy;
  const always = neededAlways(endorsement);
  const others = sufficient.map((set) => set.filter((mspId) => !always.includes(mspId)).map(nameOf));
  const choices = others
    .filter((set) => set.length > 0)
    .map((set) => (set.length === 1 ? joined(set, 'and') : `(${joined(set, 'and')})`));
  if (choices.length === 0) return joined(always.map(nameOf), 'and');
  if (always.length === 0) return joined(choices, 'or');
  return `${joined(always.map(nameOf), 'and')}, and ${joined(choices, 'or')}`;
}

/** Whether these organizations' endorsements satisfy the policy. */
export const suffices = ({ sufficient }: ContractEndorsement, mspIds: readonly string[]): boolean =>
  sufficient.some((set) => set.every((mspId) => mspIds.includes(mspId)));
