/** A JSON value as it was written: with the line of each part, and numbers with all their digits. */
export type JsonNode = { readonly line: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly raw: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
);

export interface JsonMember {
  readonly name: string;
  readonly line: number;
  readonly value: JsonNode;
}

/** Where a text stops being JSON; lines and columns count from one. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';

  constructor(
    readonly line: number,
    readonly column: number,
    message: string,
  ) {
    super(message);
  }
}

const DEEPEST = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /[A-Za-z_$][\w$]*/y;

/** @throws JsonTextError */
export function parseJsonText(text: string): JsonNode {
  const parser = new Parser(text);
  const node = parser.value(0);
  parser.end();
  return node;
}

class Parser {
  #at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): JsonNode {
    this.#skip();
    if (depth > DEEPEST) throw this.#error('This is nested too deeply.');
    const line = this.#line();
    switch (this.text[this.#at]) {
      case '{':
        return { kind: 'object', line, members: this.#members(depth) };
      case '[':
        return { kind: 'array', line, items: this.#items(depth) };
      case '"':
        return { kind: 'string', line, value: this.#string() };
      case undefined:
        throw this.#error('A value is missing: the text ends here.');
      default:
        return this.#scalar(line);
    }
  }

  end(): void {
    this.#skip();
    if (this.#at < this.text.length) throw this.#error('The value ends before this: nothing may follow it.');
  }

  #scalar(line: number): JsonNode {
    const raw = this.#match(NUMBER);
    if (raw !== undefined) return { kind: 'number', line, raw };
    const start = this.#at;
    const word = this.#match(WORD);
    if (word === 'true' || word === 'false') return { kind: 'boolean', line, value: word === 'true' };
    if (word === 'null') return { kind: 'null', line };
    this.#at = start;
    throw this.#error(
      word === undefined
        ? `A value cannot begin with ${this.text[this.#at] ?? ''}`
        : `${word} is no JSON value: text stands in double quotes.`,
    );
  }

  #members(depth: number): JsonMember[] {
    const members: JsonMember[] = [];
    this.#list('}', () => {
      const line = this.#line();
      if (this.text[this.#at] !== '"') throw this.#error('A name in double quotes is expected here.');
      const name = this.#string();
      this.#skip();
      if (this.text[this.#at] !== ':') throw this.#error(`A colon is missing behind "${name}".`);
      this.#at += 1;
      if (members.some((member) => member.name === name)) {
        throw new JsonTextError(line, 1, `"${name}" stands here twice.`);
      }
      members.push({ name, line, value: this.value(depth + 1) });
    });
    return members;
  }

  #items(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    this.#list(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  /** Elements between commas, from the opening bracket to behind the closing one. */
  #list(close: string, element: () => void): void {
    this.#at += 1;
    this.#skip();
    if (this.text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#skip();
      element();
      this.#skip();
      const next = this.text[this.#at];
      if (next === close) {
        this.#at += 1;
        return;
      }
      if (next !== ',') throw this.#error(`A comma or ${close} is expected here.`);
      this.#at += 1;
      this.#skip();
      if (this.text[this.#at] === close)
        throw this.#error(`After the comma a value is expected, not ${close}`);
    }
  }

  #string(): string {
    const raw = this.#match(STRING);
    if (raw === undefined)
      throw this.#error('This text has no closing quote on its line, or a wrong \\ in it.');
    return JSON.parse(raw) as string;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(): void {
    while (' \t\r\n'.includes(this.text[this.#at] ?? 'x')) this.#at += 1;
  }

  #line(): number {
    return this.text.slice(0, this.#at).split('\n').length;
  }

  #error(message: string): JsonTextError {
    const before = this.text.slice(0, this.#at);
    return new JsonTextError(this.#line(), before.length - before.lastIndexOf('\n'), message);
  }
}

/** The node as compact JSON, numbers as they were written. */
export function compactJson(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${node.members.map(({ name, value }) => `${JSON.stringify(name)}:${compactJson(value)}`).join(',')}}`;
    case 'array':
      return `[${node.items.map(compactJson).join(',')}]`;
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.raw;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
  }
}
