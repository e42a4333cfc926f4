import { createContext, use, useCallback, useMemo } from 'react';
import type { CSSProperties, ReactNode } from 'react';

/** Colours chosen to stay apart for colour-blind eyes: see tokens.css. More organizations than colours share them. */
const memberPalettes = ['parking', 'charging', 'user', 'city'] as const;
type Palette = (typeof memberPalettes)[number] | 'orderer';

export interface OrganizationLook {
  readonly name: string;
  /** Orders only: takes the neutral colour. */
  readonly ordering: boolean;
}

const Looks = createContext<ReadonlyMap<string, Palette>>(new Map());

/** Gives each organization its colour, by its place in the network, the same in every view. */
export function OrganizationLooks({
  organizations,
  children,
}: {
  organizations: readonly OrganizationLook[];
  children: ReactNode;
}) {
  // Only what differs makes another map: whatever draws in these colours draws anew with it.
  const key = JSON.stringify(organizations);
  const palettes = useMemo(() => palettesOf(JSON.parse(key) as OrganizationLook[]), [key]);
  return <Looks value={palettes}>{children}</Looks>;
}

export function palettesOf(organizations: readonly OrganizationLook[]): ReadonlyMap<string, Palette> {
  const palettes = new Map<string, Palette>();
  let members = 0;
  for (const { name, ordering } of organizations) {
    palettes.set(
      name,
      ordering ? 'orderer' : (memberPalettes[members++ % memberPalettes.length] ?? 'orderer'),
    );
  }
  return palettes;
}

/** Two letters: the capitals of the name, else its beginning. */
export function initialsOf(name: string): string {
  const capitals = name.match(/\p{Lu}/gu) ?? [];
  const [first, second] = capitals;
  return first && second ? first + second : name.slice(0, 2).toUpperCase();
}

/** The palettes' names by organization, for drawings that need several at once: `--org-<palette>` is the colour. */
export function useOrganizationPalette(): (name: string) => string {
  const looks = use(Looks);
  return useCallback((name: string) => looks.get(name) ?? 'orderer', [looks]);
}

/** Class that sets `--org` and its relatives for what stands inside. */
export function useOrganizationClass(name: string): string {
  return `org-${use(Looks).get(name) ?? 'orderer'}`;
}

/**
 * Never alone: the name stands beside it, or `titled` gives it. The initials are drawn, not written: they are no part
 * of the name of a button they stand on.
 */
export function OrgTile({ name, titled = false }: { name: string; titled?: boolean }) {
  const className = `org-tile ${useOrganizationClass(name)}`;
  return titled ? (
    <span className={className} title={name} role="img" aria-label={name} data-initials={initialsOf(name)} />
  ) : (
    <span className={className} aria-hidden="true" data-initials={initialsOf(name)} />
  );
}

export function OrgName({ name, style }: { name: string; style?: CSSProperties }) {
  return (
    <span className="org-name" style={style}>
      <OrgTile name={name} />
      {name}
    </span>
  );
}
