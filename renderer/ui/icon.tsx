import type { ReactNode } from 'react';

/** Drawn for this console on a 16-unit grid: one stroke width, round ends, no fill but for dots. */
const shapes = {
  arrow: (
    <>
      <path d="M3 8h10M9.2 4.2 13 8l-3.8 3.8" />
    </>
  ),
  channels: (
    <>
      <path d="M4 2v12M8 2v12M12 2v12" />
      <circle cx="4" cy="5" r="1.4" fill="currentColor" />
      <circle cx="8" cy="10" r="1.4" fill="currentColor" />
      <circle cx="12" cy="6.5" r="1.4" fill="currentColor" />
    </>
  ),
  check: (
    <>
      <path d="m3.2 8.4 3 3 6.6-6.8" />
    </>
  ),
  chev: (
    <>
      <path d="m4 6 4 4 4-4" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 4.8V8l2.2 1.4" />
    </>
  ),
  contracts: (
    <>
      <path d="M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.3M6.8 8 5.6 9.6l1.2 1.6M9.6 8l1.2 1.6-1.2 1.6" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-2A1 1 0 0 0 9.5 2.5h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </>
  ),
  cursor: (
    <>
      <path d="M8 2v12M4.5 8h-2M13.5 8h-2" />
    </>
  ),
  demo: (
    <>
      <path d="M2 3h12M3 3v7.5h10V3M8 10.5V14M5.5 14h5M7 5.2v3l2.4-1.5z" />
    </>
  ),
  down: (
    <>
      <path d="M8 3v10M4 9l4 4 4-4" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.5v7.2M5 7l3 3 3-3M2.8 13.2h10.4" />
    </>
  ),
  events: (
    <>
      <path d="M1.8 8h2.7l1.8-4.5 3 9 1.9-4.5h3" />
    </>
  ),
  eye: (
    <>
      <path d="M1.8 8S4 4 8 4s6.2 4 6.2 4-2.2 4-6.2 4-6.2-4-6.2-4z" />
      <circle cx="8" cy="8" r="1.8" />
    </>
  ),
  flag: (
    <>
      <path d="M4 14V2.5M4 3h8l-1.8 2.8L12 8.6H4" />
    </>
  ),
  hand: (
    <>
      <path d="M8 1.5v3M3.4 3.4l2 2M1.5 8h3M12.6 3.4l-2 2M7 7l6.5 2.4-2.8 1.3-1.3 2.8z" />
    </>
  ),
  identities: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.8" />
      <circle cx="5.8" cy="7" r="1.5" />
      <path d="M3.9 10.9c.3-1.2 1-1.7 1.9-1.7s1.6.5 1.9 1.7M9.8 6.5h2.2M9.8 9.2h2.2" />
    </>
  ),
  ledger: (
    <>
      <rect x="2" y="3" width="4.5" height="4.5" rx="1" />
      <rect x="9.5" y="8.5" width="4.5" height="4.5" rx="1" />
      <path d="M6.5 5.25h3a2.25 2.25 0 0 1 2.25 2.25v1" />
    </>
  ),
  link: (
    <>
      <path d="M6.5 9.5l3-3M7.2 4.8l1.4-1.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.8 11.2l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.4" />
      <path d="M5.5 7V5.2a2.5 2.5 0 0 1 5 0V7" />
    </>
  ),
  metrics: (
    <>
      <path d="M2.5 2.5v11h11M5.2 10.5V8M8 10.5V5.5M10.8 10.5V7" />
    </>
  ),
  mic: (
    <>
      <rect x="6" y="2" width="4" height="7" rx="2" />
      <path d="M3.8 7.5a4.2 4.2 0 0 0 8.4 0M8 11.7V14" />
    </>
  ),
  minus: (
    <>
      <path d="M4 8h8" />
    </>
  ),
  more: (
    <>
      <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2.4" />
    </>
  ),
  network: (
    <>
      <circle cx="8" cy="3.5" r="1.8" />
      <circle cx="3.5" cy="12" r="1.8" />
      <circle cx="12.5" cy="12" r="1.8" />
      <path d="M7.1 5.1 4.4 10.4M8.9 5.1l2.7 5.3M5.3 12h5.4" />
    </>
  ),
  next: (
    <>
      <path d="m6 4 4 4-4 4" />
    </>
  ),
  overview: (
    <>
      <path d="M2.5 9.5a5.5 5.5 0 0 1 11 0M8 9.5l2.6-2.8M2.5 12.5h11" />
    </>
  ),
  parking: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" />
      <path d="M6.3 11.2V4.9h2.4a1.95 1.95 0 0 1 0 3.9H6.3" />
    </>
  ),
  play: (
    <>
      <path d="M5 3.4v9.2L12.6 8z" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3v10M3 8h10" />
    </>
  ),
  restart: (
    <>
      <path d="M12.9 6.2A5.3 5.3 0 1 0 13.3 9M13.2 2.8v3.6H9.6" />
    </>
  ),
  save: (
    <>
      <path d="M4 2.5h8v11L8 10.6l-4 2.9z" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  settings: (
    <>
      <path d="M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6" />
      <circle cx="10" cy="4.5" r="1.5" />
      <circle cx="6" cy="11.5" r="1.5" />
    </>
  ),
  shield: (
    <>
      <path d="M8 1.9 13 3.8v3.9c0 3-2 5.2-5 6.4-3-1.2-5-3.4-5-6.4V3.8zM5.8 7.9l1.6 1.6 2.9-3" />
    </>
  ),
  stop: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1.2" />
    </>
  ),
  table: (
    <>
      <rect x="2.2" y="3" width="11.6" height="10" rx="1.6" />
      <path d="M2.2 6.4h11.6M2.2 9.7h11.6M6.4 6.4V13" />
    </>
  ),
  tasks: (
    <>
      <path d="m2.3 4.2 1.1 1.1 2-2.2M2.3 11l1.1 1.1 2-2.2M8 4.5h5.7M8 11.3h5.7" />
    </>
  ),
  transactions: (
    <>
      <path d="M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13" />
    </>
  ),
  up: (
    <>
      <path d="M8 13V3M4 7l4-4 4 4" />
    </>
  ),
  warn: (
    <>
      <path d="M8 2.4 14.3 13.4H1.7zM8 6.4v3.4M8 11.6v.1" />
    </>
  ),
  x: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

/** Decoration only: the word beside it, or the label of its button, is what is read out. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? 'icon icon-s' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
