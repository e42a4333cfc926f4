/** Longer words are found by their beginning. */
const WORD_LENGTH = 64;

const ASCII = /^[\0-\x7f]*$/;

/** Words of lower-cased text in their order: runs of letters and digits. */
function wordsOf(lowerCased: string): string[] {
  const pattern = ASCII.test(lowerCased) ? /[a-z0-9]+/g : /[\p{L}\p{M}\p{N}]+/gu;
  return (lowerCased.match(pattern) ?? []).map((word) => beginningOf(word, WORD_LENGTH));
}

/** What a text is found by: its words, and each two that follow each other. */
export function addWords(text: string, into: Set<string>): void {
  let before: string | undefined;
  for (const word of wordsOf(text.toLowerCase())) {
    into.add(word);
    if (before !== undefined) into.add(pairOf(before, word));
    before = word;
  }
}

const pairOf = (one: string, next: string): string => `${one} ${next}`;

/** What is looked for in texts: words that follow each other, in either case, whatever stands between them. */
export class Phrase {
  readonly #words: readonly string[];

  constructor(searched: string) {
    this.#words = wordsOf(searched.toLowerCase());
  }

  /** All of them are among what a text that holds it is found by. None where there is no word. */
  get terms(): readonly string[] {
    const pairs = this.#words.slice(1).map((word, at) => pairOf(this.#words[at] ?? '', word));
    return [...new Set(pairs.length > 0 ? pairs : this.#words)];
  }

  /** Whether a text that is found by them may still be another one. */
  get doubtful(): boolean {
    return this.#words.length > 2;
  }

  isIn(text: string): boolean {
    const words = wordsOf(text.toLowerCase());
    return words.some((_, at) => this.#words.every((word, offset) => words[at + offset] === word));
  }
}

/** At most so many UTF-16 units of a text; a pair of surrogates is not torn apart, half of one has no UTF-8. */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
