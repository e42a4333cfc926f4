export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <rect width="24" height="24" rx="6" fill="var(--text)" />
        <path
          d="M6 7.5h7.5a3 3 0 0 1 0 6h-3a3 3 0 0 0-3 3"
          fill="none"
          stroke="var(--surface)"
          strokeWidth="1.7"
          strokeLinecap="round"
        />
        <circle cx="6" cy="7.5" r="1.7" fill="var(--surface)" />
        <circle cx="7.5" cy="17" r="1.7" fill="var(--surface)" />
        <circle cx="17.5" cy="13.5" r="1.7" fill="var(--accent)" />
        <path d="M13.5 13.5h4" stroke="var(--accent)" strokeWidth="1.7" />
      </svg>
      <b className="t">
        CityFlow<span>Operations Console</span>
      </b>
    </span>
  );
}
