import { useId } from 'react';
import type { ReactNode } from 'react';

/** A bordered part of a view with its own heading. `aside` stands right in the head: a link, a badge, a button. */
export function Panel({
  title,
  note,
  aside,
  footer,
  className = '',
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  aside?: ReactNode;
  footer?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {note && <span className="quiet">{note}</span>}
        {aside && <span className="right panel-aside">{aside}</span>}
      </header>
      {children}
      {footer && <footer>{footer}</footer>}
    </section>
  );
}

/** Label and value pairs. */
export function Facts({ items }: { items: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="kv">
      {items.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
