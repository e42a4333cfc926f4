import type { ContractParameter, ValueSchema } from '../../../electron/api/contract-models';
import { formatDecimal } from '../../ui/format';

const units: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/cents$/i, 'cents'],
  [/minutes$/i, 'minutes'],
  [/seconds$/i, 'seconds'],
  [/hours$/i, 'hours'],
  [/(millis|Ms)$/, 'ms'],
  [/kwh$/i, 'kWh'],
  [/(Wh|WattHours)$/, 'Wh'],
  [/kw$/i, 'kW'],
  [/percent$/i, '%'],
  [/bytes$/i, 'bytes'],
];

/** `hourlyRateCents` → `Hourly rate`, its unit `cents`; `param0`, whose name its language lost, → `Argument 1`. */
export function parameterWords(name: string): { readonly label: string; readonly unit?: string } {
  const lost = /^param(\d+)$/.exec(name);
  if (lost) return { label: `Argument ${String(Number(lost[1]) + 1)}` };
  const found = units.find(([suffix]) => suffix.test(name) && name.replace(suffix, '') !== '');
  const words = (found ? name.replace(found[0], '') : name)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/\b(msp|id|url|ip)\b/g, (short) => (short === 'id' ? 'id' : short.toUpperCase()));
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  return found ? { label, unit: found[1] } : { label };
}

const contentWords = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .match(/\p{L}+/gu)
    ?.filter((word) => !['the', 'a', 'an', 'of'].includes(word)) ?? [];

/** A contract's description says nothing that the label doesn't: `The spot's id` for `Spot id`. */
export const addsNothing = (description: string, label: string): boolean => {
  const known = contentWords(label);
  return contentWords(description).every((word) => known.includes(word));
};

/** The unit behind a field; an amount in cents says what it is in whole units too. */
export function unitOf(name: string, value: string): string | undefined {
  const { unit } = parameterWords(name);
  if (unit === 'cents' && /^\d{1,15}$/.test(value)) return `cents, ${formatDecimal(Number(value) / 100, 2)}`;
  return unit;
}

/** Where label, name and type fit beside each other in half of a form's width. */
const fitsHalf = ({ name, type }: ContractParameter): boolean =>
  parameterWords(name).label.length + name.length + type.length <= 24;

/** Takes half of a form's width. */
export const isShort = (parameter: ContractParameter): boolean =>
  fitsHalf(parameter) && hasShortValue(parameter);

const hasShortValue = ({ schema }: ContractParameter): boolean =>
  schema.type === 'number' ||
  schema.type === 'integer' ||
  schema.type === 'boolean' ||
  schema.enum !== undefined ||
  (schema.maxLength !== undefined && schema.maxLength <= 32);

/** A value of many parts is written as JSON. */
export const isComposite = ({ type, properties, items }: ValueSchema): boolean =>
  type === 'object' || type === 'array' || properties !== undefined || items !== undefined;
