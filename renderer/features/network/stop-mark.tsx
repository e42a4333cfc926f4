/** What a stop looks like; the same on the map and in its legend. */
export type StopShape = 'joined' | 'anchor' | 'behind' | 'missing' | 'orders' | 'silent';

export function StopMark({ shape }: { shape: StopShape }) {
  return (
    <svg className={`mark ${shape}`} viewBox="0 0 18 18" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}

const shapes = {
  joined: <circle className="fill" cx="9" cy="9" r="6.5" />,
  anchor: <circle className="ring" cx="9" cy="9" r="5.5" />,
  behind: (
    <>
      <circle className="ring" cx="9" cy="9" r="5.75" />
      <path className="fill" d="M3.25 9a5.75 5.75 0 0 0 11.5 0z" />
    </>
  ),
  missing: <circle className="ring" cx="9" cy="9" r="5.75" />,
  orders: <rect className="fill" x="2.5" y="2.5" width="13" height="13" rx="3" />,
  silent: (
    <>
      <circle className="ring" cx="9" cy="9" r="5.75" />
      <path className="stroke" d="m6.8 6.8 4.4 4.4M11.2 6.8l-4.4 4.4" />
    </>
  ),
};
