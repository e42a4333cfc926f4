/** Longer words are found by their beginning. */
const WORD_LENGTH = 64;

const ASCII = /^[\0-\x7f]*$/;

/** The different words of lower-cased text: runs of letters and digits. */
export function wordsOf(lowerCased: string, into = new Set<string>()): Set<string> {
  const pattern = ASCII.test(lowerCased) ? /[a-z0-9]+/g : /[\p{L}\p{M}\p{N}]+/gu;
  for (const word of lowerCased.match(pattern) ?? []) {
    into.add(beginningOf(word, WORD_LENGTH));
  }
  return into;
}

const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u;

/** What is looked for in texts: words that follow each other as written, in either case. */
export class Phrase {
  readonly words: readonly string[];
  readonly #text: string;

  constructor(searched: string) {
    const lowerCased = searched.toLowerCase();
    this.words = [...wordsOf(lowerCased)];
    this.#text = lowerCased.replace(/^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '');
  }

  /** Whether a text holds it, not as part of longer words. */
  isIn(text: string): boolean {
    const lowerCased = text.toLowerCase();
    for (let at = lowerCased.indexOf(this.#text); at !== -1; at = lowerCased.indexOf(this.#text, at + 1)) {
      if (!endsInWord(lowerCased.slice(0, at)) && !beginsWithWord(lowerCased, at + this.#text.length))
        return true;
    }
    return false;
  }
}

const endsInWord = (text: string): boolean => WORD_CHARACTER.test(lastCharacter(text));

/** A character beyond U+FFFF takes two units. */
const lastCharacter = (text: string): string => /.$/su.exec(text.slice(-2))?.[0] ?? '';

const beginsWithWord = (text: string, at: number): boolean =>
  WORD_CHARACTER.test(String.fromCodePoint(text.codePointAt(at) ?? 0));

/** At most so many UTF-16 units of a text; a pair of surrogates is not torn apart, half of one has no UTF-8. */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
