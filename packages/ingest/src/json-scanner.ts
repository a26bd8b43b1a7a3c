import { InputError } from "@tidemark/data/shapes";

/** Who is told of a JSON text's parts. A path is the keys that lead to a part, with a point between: elements of arrays have their array's. */
export interface JsonVisitor {
  /** A string with its escapes as they stand, a number, true or false; undefined: null. */
  value(path: string, text: string | undefined): void;
  /** The end of an object. */
  end(path: string): void;
}

const DEPTH_MAX = 64;
const TOKEN_MAX = 1 << 20;
const [QUOTE, BACKSLASH, COMMA, COLON] = Buffer.from('"\\,:');
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from("[]{}");
const LITERAL = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;

type Expected = "a value" | "a value or ]" | "a key" | "a key or }" | "a colon" | "a comma or an end" | "nothing more";

/** Reads a JSON text (RFC 8259) piece by piece and holds none of it; refuses what is none. */
export class JsonScanner {
  readonly #name: string;
  readonly #visitor: JsonVisitor;
  /** Open arrays and objects, and the path of each. */
  readonly #stack: { readonly path: string; readonly isArray: boolean }[] = [];
  #expected: Expected = "a value";
  /** Path of the next value in an object. */
  #path = "";
  /** Text of a string or literal of which not all is read. */
  #token = "";
  #in: "string" | "literal" | undefined;
  #isEscaped = false;
  #read = 0;

  constructor(name: string, visitor: JsonVisitor) {
    this.#name = name;
    this.#visitor = visitor;
  }

  /** Reads all of `bytes[from, to)`. */
  feed(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to;) {
      if (this.#in === "string") at = this.#readString(bytes, at, to);
      else if (this.#in === "literal") at = this.#readLiteral(bytes, at, to);
      else at = this.#begin(bytes[at], at, this.#read + at - from);
    }
    this.#read += to - from;
  }

  /** At the end of the text. */
  finish(): void {
    if (this.#in === "literal") this.#endLiteral();
    if (this.#expected !== "nothing more")
      throw new InputError(`${this.#name}: is cut short, or no JSON (it ends where ${this.#expected} should be)`);
  }

  /** A byte between tokens; returns where to go on. `offset`: its place in the text. */
  #begin(byte: number, at: number, offset: number): number {
    if (isSpace(byte)) return at + 1;
    const expected = this.#expected;
    const isValue = expected === "a value" || expected === "a value or ]";
    const isKey = expected === "a key" || expected === "a key or }";
    if (byte === QUOTE && (isValue || isKey)) this.#in = "string";
    else if (isValue && (byte === OPEN_ARRAY || byte === OPEN_OBJECT)) this.#open(byte === OPEN_ARRAY);
    else if (byte === CLOSE_ARRAY && (expected === "a value or ]" || this.#mayEnd(true))) this.#close();
    else if (byte === CLOSE_OBJECT && (expected === "a key or }" || this.#mayEnd(false))) this.#close();
    else if (byte === COMMA && expected === "a comma or an end")
      this.#expected = this.#stack.at(-1)?.isArray === true ? "a value" : "a key";
    else if (byte === COLON && expected === "a colon") this.#expected = "a value";
    else if (isValue) {
      this.#in = "literal";
      return at;
    } else throw new InputError(`${this.#name}: is no JSON at byte ${offset} (expected ${expected})`);
    return at + 1;
  }

  #mayEnd(isArray: boolean): boolean {
    return this.#expected === "a comma or an end" && this.#stack.at(-1)?.isArray === isArray;
  }

  #open(isArray: boolean): void {
    if (this.#stack.length === DEPTH_MAX) throw new InputError(`${this.#name}: is nested deeper than ${DEPTH_MAX} times`);
    this.#stack.push({ path: this.#valuePath(), isArray });
    this.#expected = isArray ? "a value or ]" : "a key or }";
  }

  #close(): void {
    const level = this.#stack.pop();
    if (level?.isArray === false) this.#visitor.end(level.path);
    this.#expected = this.#stack.length === 0 ? "nothing more" : "a comma or an end";
  }

  #valuePath(): string {
    const level = this.#stack.at(-1);
    return level === undefined ? "" : level.isArray ? level.path : this.#path;
  }

  #readString(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (bytes[at] === BACKSLASH) this.#isEscaped = true;
      else if (bytes[at] === QUOTE) {
        this.#take(bytes, from, at);
        this.#endString();
        return at + 1;
      }
    }
    this.#take(bytes, from, to);
    return to;
  }

  #readLiteral(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (!isSpace(byte) && byte !== COMMA && byte !== CLOSE_ARRAY && byte !== CLOSE_OBJECT) continue;
      this.#take(bytes, from, at);
      this.#endLiteral();
      return at;
    }
    this.#take(bytes, from, to);
    return to;
  }

  #take(bytes: Uint8Array, from: number, to: number): void {
    this.#token += Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
    if (this.#token.length > TOKEN_MAX) throw new InputError(`${this.#name}: has a JSON string of more than ${TOKEN_MAX} bytes`);
  }

  #endString(): void {
    const text = this.#token;
    this.#token = "";
    this.#in = undefined;
    if (this.#expected === "a key" || this.#expected === "a key or }") {
      const above = this.#stack.at(-1)?.path ?? "";
      this.#path = above === "" ? text : `${above}.${text}`;
      this.#expected = "a colon";
    } else this.#give(text);
  }

  #endLiteral(): void {
    const text = this.#token;
    this.#token = "";
    this.#in = undefined;
    if (!LITERAL.test(text)) throw new InputError(`${this.#name}: is no JSON (${JSON.stringify(text.slice(0, 40))} is no value)`);
    this.#give(text === "null" ? undefined : text);
  }

  #give(text: string | undefined): void {
    this.#visitor.value(this.#valuePath(), text);
    this.#expected = this.#stack.length === 0 ? "nothing more" : "a comma or an end";
  }
}
