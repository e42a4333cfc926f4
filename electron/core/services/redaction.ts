const BLACK = '[left out]';

/** Names under which a secret stands as the value, in JSON, in an environment, in a command line or a header. */
const SECRET_NAME =
  'pass(?:word|wd|phrase)?|secret|token|api[-_]?key|private[-_]?key(?:[-_]?pem)?|sealed[-_]?key|transient|credentials?|authorization|cookie|session(?:[-_]?id)?|pin';
const secretName = new RegExp(`(?:^|[._-]|(?<=[a-z])(?=[A-Z]))(?:${SECRET_NAME})$`, 'i');

/** What looks like a secret wherever it stands. The first group, where there is one, stays. */
const patterns: readonly RegExp[] = [
  // Also where it was cut off, and where its line breaks were written as \n.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?![A-Za-z0-9+/=\s\\:,-])|$)/g,
  // What PKCS#8 and SEC 1 keys begin with, as base64.
  /\b(?:MI[A-Za-z0-9+/]{2,4}AgE[AB]|MH[A-Za-z0-9+/]CAQEE)[A-Za-z0-9+/=\s\\]{40,}/g,
  /((?:set-)?cookie["']?\s*[:=]\s*)[^\r\n]+/gi,
  /(authorization["']?\s*[:=]\s*)[^\r\n]+/gi,
  /(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
  /([#?&]code=)[A-Za-z0-9_-]+/g,
  /(\bcityflow[\w-]*session[\w-]*=)[^\s;"']+/gi,
  /((?:\\?["'])?transient(?:Map|Data)?(?:\\?["'])?\s*[:=]\s*)(?:map\[[^\]]*\]|\{[^}]*\}?)/gi,
  // User and password inside an address.
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi,
  new RegExp(
    String.raw`((?:\\?["'])?[\w.-]*(?:${SECRET_NAME})(?:\\?["'])?\s*[:=]\s*)(?:\\?"(?:[^"\\]|\\.)*\\?"|'[^']*'|[^\s,;&}\]]+)`,
    'gi',
  ),
];

/** Blackens secrets in what is given away: those that are known word for word, and what looks like one. */
export class Redactor {
  #count = 0;
  readonly #known: readonly string[];

  /** @param known longest first is not needed; short ones are not looked for, they would blacken everything */
  constructor(known: readonly string[]) {
    this.#known = [...new Set(known)].filter((secret) => secret.length >= 6).toSorted(byLength);
  }

  /** How many places were blackened. */
  get count(): number {
    return this.#count;
  }

  text(text: string): string {
    let clean = text;
    for (const secret of this.#known) {
      const parts = clean.split(secret);
      this.#count += parts.length - 1;
      clean = parts.join(BLACK);
    }
    for (const pattern of patterns) {
      clean = clean.replace(pattern, (_found, kept: unknown) => {
        this.#count += 1;
        return `${typeof kept === 'string' ? kept : ''}${BLACK}`;
      });
    }
    return clean;
  }

  /** A document as JSON: fields named like a secret are blackened whole, texts are looked through. */
  json(document: unknown): string {
    return `${JSON.stringify(this.#value(document), undefined, 2)}\n`;
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.#value(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => {
        if (field === null || typeof field === 'boolean' || !secretName.test(name) || isKeyFile(field)) {
          return [name, this.#value(field)];
        }
        this.#count += 1;
        return [name, BLACK];
      }),
    );
  }
}

/** Where a key lies is no secret. */
const isKeyFile = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:\/|[A-Z]:\\)\S*(?:\.key|\.pem|_sk)$/.test(value);

const byLength = (a: string, b: string): number => b.length - a.length;
