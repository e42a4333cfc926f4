import type { NetworkStatus } from '../../../electron/api/models';
import { StopMark } from './stop-mark';
import type { StopShape } from './stop-mark';

const words: readonly (readonly [StopShape, string])[] = [
  ['joined', 'joined'],
  ['anchor', 'anchor peer'],
  ['behind', 'behind'],
  ['missing', 'declared, not joined'],
  ['silent', 'does not answer'],
  ['orders', 'orders this channel'],
];

export function MapLegend({ status }: { status: NetworkStatus }) {
  const ending = commonEnding(status.nodes.map(({ name }) => name));
  return (
    <footer className="map-legend">
      {words.map(([shape, word]) => (
        <span key={shape}>
          <StopMark shape={shape} />
          {word}
        </span>
      ))}
      {ending && <span className="right quiet nowrap only-wide">all names end in .{ending}</span>}
    </footer>
  );
}

/** Labels of a host name that all share, as long as something is left of each. */
export function commonEnding(names: readonly string[]): string {
  const [first, ...others] = names.map((name) => name.split('.').reverse());
  if (!first || others.length === 0) return '';
  let shared = 0;
  while (
    shared < first.length - 1 &&
    others.every((name) => name.length > shared + 1 && name[shared] === first[shared])
  ) {
    shared += 1;
  }
  return first.slice(0, shared).reverse().join('.');
}
