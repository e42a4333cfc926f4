/**
 * Policies as the core writes them, in words: implicit ones (`MAJORITY of Admins`) and signature policies in the
 * notation of the peer command (`AND('AMSP.peer', OR('BMSP.peer', 'CMSP.peer'))`, `OutOf(2, …)`). What is neither is
 * returned as it stands: a policy is never paraphrased by guess.
 *
 * @param nameOf what an MSP's organization is called @param path where it stands in the configuration
 */
export function policyInWords(policy: string, nameOf: (mspId: string) => string, path = ''): string {
  const implicit = /^(ANY|ALL|MAJORITY) of (\w+)$/.exec(policy);
  if (implicit) return implicitInWords(implicit[1] ?? '', implicit[2] ?? '', path);
  const parser = new Parser(policy, nameOf);
  const words = parser.expression();
  if (words === undefined || !parser.atEnd) return policy;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An implicit policy asks the groups right below it: directly below the channel those are not organizations yet. */
function implicitInWords(rule: string, name: string, path: string): string {
  const below = /^\/Channel\/[^/]+$/.test(path) ? 'groups Application and Orderer' : 'organizations';
  switch (rule) {
    case 'ANY':
      return `Any one of the ${below}, by its own policy ${name}`;
    case 'ALL':
      return `Every one of the ${below}, each by its own policy ${name}`;
    default:
      return `More than half of the ${below}, each by its own policy ${name}`;
  }
}

class Parser {
  #at = 0;
  constructor(
    private readonly text: string,
    private readonly nameOf: (mspId: string) => string,
  ) {}

  get atEnd(): boolean {
    return this.text.slice(this.#at).trim() === '';
  }

  expression(): string | undefined {
    const principal = this.#take(/^'([^'.]+)\.(\w+)'/);
    if (principal) return principalInWords(this.nameOf(principal[1] ?? ''), principal[2] ?? '');
    const operator = this.#take(/^(AND|OR|OutOf)\(/);
    if (!operator) return undefined;
    const needed = operator[1] === 'OutOf' ? this.#take(/^(\d+)\s*,/)?.[1] : undefined;
    if (operator[1] === 'OutOf' && needed === undefined) return undefined;
    const parts: string[] = [];
    do {
      const compound = /^\s*(AND|OR|OutOf)\(/.test(this.text.slice(this.#at));
      const part = this.expression();
      if (part === undefined) return undefined;
      parts.push(compound ? `(${part})` : part);
    } while (this.#take(/^,/));
    if (!this.#take(/^\)/)) return undefined;
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only.replace(/^\((.*)\)$/, '$1');
    if (needed !== undefined) return `${needed} of ${parts.join(', ')}`;
    return parts.join(operator[1] === 'AND' ? ' and ' : ' or ');
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const rest = this.text.slice(this.#at).trimStart();
    const match = pattern.exec(rest);
    if (match) this.#at = this.text.length - rest.length + match[0].length;
    return match;
  }
}

const roles: Record<string, string> = {
  peer: 'a peer of',
  admin: 'an admin of',
  client: 'a client of',
  member: 'anyone of',
  orderer: 'an orderer of',
};

const principalInWords = (organization: string, role: string): string =>
  `${roles[role] ?? role} ${organization}`;
