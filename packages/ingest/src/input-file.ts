import { createHash, type Hash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { fileProblem, InputError } from "@tidemark/data";
import type { ReadBytes } from "./byte-window.ts";

/** A file of the user, read once from front to back while its SHA-256 is taken. */
export class InputFile {
  readonly path: string;
  readonly bytes: number;
  readonly #file: FileHandle;
  readonly #hash: Hash = createHash("sha256");
  readonly #progress: (bytes: number) => void;

  private constructor(path: string, file: FileHandle, bytes: number, progress: (bytes: number) => void) {
    this.path = path;
    this.#file = file;
    this.bytes = bytes;
    this.#progress = progress;
  }

  /** `progress` is told how many more bytes have been read. */
  static async open(path: string, progress: (bytes: number) => void): Promise<InputFile> {
    try {
      const file = await open(path);
      const stat = await file.stat();
      if (stat.isDirectory()) {
        await file.close();
        throw new InputError(
          `${path}: is a folder; name the files in it (a NAME.trace folder needs no ingest: the other commands read it)`,
        );
      }
      return new InputFile(path, file, stat.size, progress);
    } catch (error) {
      throw fileProblem(error, path);
    }
  }

  readonly read: ReadBytes = async (into, at, length) => {
    const { bytesRead } = await this.#file.read(into, at, length, null).catch((error: unknown) => {
      throw fileProblem(error, this.path);
    });
    this.#hash.update(into.subarray(at, at + bytesRead));
    this.#progress(bytesRead);
    return bytesRead;
  };

  /** Reads at a place of its own; nothing is hashed. */
  async readAt(into: Buffer, length: number, position: number): Promise<number> {
    return (await this.#file.read(into, 0, length, position)).bytesRead;
  }

  /** Hash of the whole file; reads what has not been read yet. */
  async sha256(): Promise<string> {
    const rest = Buffer.allocUnsafe(1 << 20);
    while ((await this.read(rest, 0, rest.length)) > 0);
    return this.#hash.digest("hex");
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
