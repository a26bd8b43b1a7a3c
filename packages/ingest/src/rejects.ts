import { closeSync, openSync, writeSync } from "node:fs";
import { fileProblem } from "@tidemark/data/shapes";

export const REJECTED_FILE = "rejected.csv";

/** Keeps refused rows with the reason. Without a path they are only counted. */
export class Rejects {
  count = 0;
  readonly #path: string | undefined;
  #file: number | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  add(source: string, line: number, reason: string, text: string): void {
    this.count++;
    if (this.#path === undefined) return;
    try {
      if (this.#file === undefined) {
        this.#file = openSync(this.#path, "wx");
        writeSync(this.#file, "source,line,reason,text\n");
      }
      writeSync(this.#file, `${quoted(source)},${line},${quoted(reason)},${quoted(text)}\n`);
    } catch (error) {
      throw fileProblem(error, this.#path);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
