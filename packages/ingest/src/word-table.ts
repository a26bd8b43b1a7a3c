/** Distinct words of one column, numbered in order of appearance; 0 is the empty word. */
export class WordTable {
  readonly words: string[] = [""];
  readonly #codeOf = new Map<string, number>([["", 0]]);
  readonly #vocabulary: ReadonlyMap<string, number> | undefined;
  /** With a vocabulary (lower case → number) words get its numbers, and others none. */
  constructor(vocabulary?: ReadonlyMap<string, number>) {
    this.#vocabulary = vocabulary;
  }

  /** Number of a word; -1 where the vocabulary lacks it, or there are more than 65,535 words. */
  codeOf(word: string): number {
    if (this.#vocabulary !== undefined) return this.#vocabulary.get(word.toLowerCase()) ?? -1;
    const known = this.#codeOf.get(word);
    if (known !== undefined) return known;
    if (this.words.length > 0xffff) return -1;
    this.words.push(word);
    this.#codeOf.set(word, this.words.length - 1);
    return this.words.length - 1;
  }
}

/** UTF-8 bytes `[from, to)` as a string. */
export const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
