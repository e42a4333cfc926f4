import { common } from '@hyperledger/fabric-protos';
import {
  mspRoles,
  parsePrincipal,
  principalName,
  rolePrincipal,
  type MspRole,
  type Principal,
} from './principal';

/** A policy text Fabric would refuse; the message says what and where. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError';
}

type Node =
  | { readonly kind: 'principal'; readonly mspId: string; readonly role: MspRole }
  | { readonly kind: 'gate'; readonly count: number; readonly rules: readonly Node[] };

const TOKEN = /\s*(?:(\d+)|'([^']*)'|"([^"]*)"|([A-Za-z_][\w.-]*)|([(),]))/y;
const PRINCIPAL = /^([A-Za-z0-9.-]+)\.(admin|member|client|peer|orderer)$/;

/**
 * Compiles Fabric's signature policy language (common/policydsl): `AND(…)`, `OR(…)`, `OutOf(n, …)` over principals
 * such as `'OrgMSP.peer'`. The result equals what the genuine tools make of the text byte by byte, so that
 * organizations approving with different tools agree. Throws PolicySyntaxError.
 */
export function parsePolicy(text: string): common.SignaturePolicyEnvelope {
  const tree = new Parser(text).parse();
  const principals: { mspId: string; role: MspRole }[] = [];
  const rule = compileNode(tree, principals);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setVersion(0);
  envelope.setRule(rule);
  envelope.setIdentitiesList(principals.map(({ mspId, role }) => rolePrincipal(mspId, role)));
  return envelope;
}

/** Numbers principals as Fabric does: those of nested gates before those of the gate itself, repeats not merged. */
function compileNode(node: Node, principals: { mspId: string; role: MspRole }[]): common.SignaturePolicy {
  if (node.kind === 'principal') {
    principals.push(node);
    return signedBy(principals.length - 1);
  }
  const compiled = new Map<Node, common.SignaturePolicy>();
  for (const kind of ['gate', 'principal'] as const) {
    for (const rule of node.rules) {
      if (rule.kind === kind) compiled.set(rule, compileNode(rule, principals));
    }
  }
  return outOf(
    node.count,
    node.rules.flatMap((rule) => compiled.get(rule) ?? []),
  );
}

export function signedBy(index: number): common.SignaturePolicy {
  const policy = new common.SignaturePolicy();
  policy.setSignedBy(index);
  return policy;
}

export function outOf(count: number, rules: readonly common.SignaturePolicy[]): common.SignaturePolicy {
  const gate = new common.SignaturePolicy.NOutOf();
  gate.setN(count);
  gate.setRulesList([...rules]);
  const policy = new common.SignaturePolicy();
  policy.setNOutOf(gate);
  return policy;
}

class Parser {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Node {
    const node = this.#expression();
    if (this.#text.slice(this.#offset).trim() !== '') this.#fail('nothing more after the policy');
    if (node.kind === 'principal') {
      throw new PolicySyntaxError(
        `invalid policy string '${this.#text}': a principal stands inside AND(…), OR(…) or OutOf(…)`,
      );
    }
    return node;
  }

  #expression(): Node {
    const start = this.#offset;
    const token = this.#next();
    const quoted = token[2] ?? token[3];
    if (quoted !== undefined) return this.#principal(quoted);
    const name = token[4];
    if (name === undefined) {
      this.#offset = start;
      return this.#fail("a principal such as 'OrgMSP.peer' or AND, OR, OutOf");
    }
    switch (name) {
      case 'And':
      case 'and':
      case 'AND': {
        const rules = this.#arguments();
        return this.#gate(rules.length, rules);
      }
      case 'Or':
      case 'or':
      case 'OR':
        return this.#gate(1, this.#arguments());
      case 'OutOf':
      case 'outof':
      case 'OUTOF': {
        this.#expect('(');
        const count = this.#count();
        const rules: Node[] = [];
        while (this.#separator()) rules.push(this.#expression());
        return this.#gate(count, rules);
      }
      default:
        throw new PolicySyntaxError(`unrecognized token '${name}' in policy string`);
    }
  }

  #principal(quoted: string): Node {
    const match = PRINCIPAL.exec(quoted);
    const role = mspRoles.find((known) => known === match?.[2]);
    if (match?.[1] === undefined || role === undefined) {
      throw new PolicySyntaxError(
        `unrecognized token '${quoted}' in policy string: a principal is an MSP id, a dot and one of ${mspRoles.join(', ')}`,
      );
    }
    return { kind: 'principal', mspId: match[1], role };
  }

  #gate(count: number, rules: readonly Node[]): Node {
    if (rules.length === 0) {
      throw new PolicySyntaxError('expected at least two arguments to NOutOf. Given 1');
    }
    // Fabric lets n + 1 through: a policy nobody can satisfy.
    if (count > rules.length + 1) {
      throw new PolicySyntaxError(`invalid t-out-of-n predicate, t ${count}, n ${rules.length}`);
    }
    return { kind: 'gate', count, rules };
  }

  #arguments(): Node[] {
    this.#expect('(');
    if (this.#peek()?.[5] === ')') {
      this.#next();
      return [];
    }
    const rules = [this.#expression()];
    while (this.#separator()) rules.push(this.#expression());
    return rules;
  }

  #count(): number {
    const start = this.#offset;
    const token = this.#next();
    const digits = token[1] ?? token[2] ?? token[3] ?? '';
    if (!/^\d+$/.test(digits)) {
      this.#offset = start;
      return this.#fail('a number of signatures');
    }
    return Number(digits);
  }

  /** True at a comma, false at the closing parenthesis. */
  #separator(): boolean {
    const start = this.#offset;
    const mark = this.#next()[5];
    if (mark === ',') return true;
    if (mark === ')') return false;
    this.#offset = start;
    return this.#fail("',' or ')'");
  }

  #expect(mark: string): void {
    const start = this.#offset;
    if (this.#next()[5] === mark) return;
    this.#offset = start;
    this.#fail(`'${mark}'`);
  }

  #peek(): RegExpExecArray | undefined {
    TOKEN.lastIndex = this.#offset;
    return TOKEN.exec(this.#text) ?? undefined;
  }

  #next(): RegExpExecArray {
    const token = this.#peek();
    if (token === undefined) return this.#fail('a complete policy');
    this.#offset = TOKEN.lastIndex;
    return token;
  }

  #fail(expected: string): never {
    const rest = this.#text.slice(this.#offset).trim();
    const found = rest === '' ? 'the end' : `'${rest.slice(0, 20)}'`;
    throw new PolicySyntaxError(
      `policy string '${this.#text}', character ${this.#offset + 1}: expected ${expected}, found ${found}`,
    );
  }
}

/**
 * A policy in the policy language; principals the language cannot express are named in angle brackets.
 * parsePolicy(formatPolicy(p)) means the same as p.
 */
export function formatPolicy(envelope: common.SignaturePolicyEnvelope): string {
  const principals = envelope.getIdentitiesList().map(parsePrincipal);
  const rule = envelope.getRule();
  return rule === undefined ? '' : formatRule(rule, principals);
}

function formatRule(rule: common.SignaturePolicy, principals: readonly Principal[]): string {
  const gate = rule.getNOutOf();
  if (gate === undefined) {
    const principal = principals[rule.getSignedBy()];
    if (principal === undefined) return `<missing principal ${rule.getSignedBy()}>`;
    return principal.kind === 'role' ? `'${principalName(principal)}'` : `<${principalName(principal)}>`;
  }
  const rules = gate.getRulesList().map((inner) => formatRule(inner, principals));
  if (gate.getN() === 1) return `OR(${rules.join(', ')})`;
  if (gate.getN() === rules.length) return `AND(${rules.join(', ')})`;
  return `OutOf(${[gate.getN(), ...rules].join(', ')})`;
}
