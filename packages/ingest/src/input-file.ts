import { createHash, type Hash } from "node:crypto";
import { readSync, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { fileProblem, InputError } from "@tidemark/data/shapes";
import type { ReadBytes } from "./byte-window.ts";
import type { HashJob } from "./threads/hash-worker.ts";

/** A few milliseconds' worth of reading. */
const READS_PER_TURN = 16;

/** A file of the user, read from front to back while its SHA-256 is taken, or at places of the reader's choice. */
export class InputFile {
  readonly path: string;
  readonly bytes: number;
  readonly #file: FileHandle;
  readonly #hash: Hash = createHash("sha256");
  readonly #progress: (bytes: number) => void;
  #sha256: Promise<string> | undefined;
  #isRandom = false;
  #hashing: Worker | undefined;
  #reads = 0;
  /** Bytes that `read` has read. */
  #read = 0;
  readonly #opened: Stats;

  private constructor(path: string, file: FileHandle, opened: Stats, progress: (bytes: number) => void) {
    this.path = path;
    this.#file = file;
    this.bytes = opened.size;
    this.#opened = opened;
    this.#progress = progress;
  }

  /** `progress` is told how many more bytes have been read. */
  static async open(path: string, progress: (bytes: number) => void): Promise<InputFile> {
    const file = await open(path).catch((error: unknown) => {
      throw fileProblem(error, path);
    });
    const stat = await file.stat();
    if (!stat.isDirectory()) return new InputFile(path, file, stat, progress);
    await file.close();
    throw new InputError(`${path}: is a folder; name the files in it (a NAME.trace folder needs no ingest: the other commands read it)`);
  }

  readonly read: ReadBytes = async (into, at, length) => {
    const bytesRead = await this.#readOn(into, at, length);
    this.#read += bytesRead;
    this.#progress(bytesRead);
    return bytesRead;
  };

  /** Reads at once, which is faster than in turn with others; lets signals and timers in between now and then. */
  async #readOn(into: Buffer, at: number, length: number): Promise<number> {
    if (++this.#reads % READS_PER_TURN === 0) await setImmediate();
    try {
      const bytesRead = readSync(this.#file.fd, into, at, length, null);
      this.#hash.update(into.subarray(at, at + bytesRead));
      return bytesRead;
    } catch (error) {
      throw fileProblem(error, this.path);
    }
  }

  /** The first bytes; nothing is counted. */
  async peek(into: Buffer): Promise<number> {
    return (await this.#file.read(into, 0, into.length, 0)).bytesRead;
  }

  /** Reads at a place; leaves the reading from front to back where it is. */
  async readAt(into: Buffer, length: number, position: number): Promise<number> {
    this.#isRandom = true;
    const { bytesRead } = await this.#file.read(into, 0, length, position).catch((error: unknown) => {
      throw fileProblem(error, this.path);
    });
    this.#progress(bytesRead);
    return bytesRead;
  }

  /** From now on others read the file, and a thread takes its hash. Returns how to tell of so many more bytes read. */
  readAside(): (bytes: number) => void {
    const job: HashJob = { path: this.path, bytes: this.bytes };
    const worker = new Worker(new URL("./threads/hash-worker.js", import.meta.url), { workerData: job });
    this.#hashing = worker;
    this.#sha256 = new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error) => reject(fileProblem(error, this.path)));
    });
    // Somebody asks for it at the end, or never.
    this.#sha256.catch(() => {});
    let known = this.#read;
    return (bytes) => {
      const fresh = Math.max(0, bytes - known);
      known -= bytes - fresh;
      this.#progress(fresh);
    };
  }

  /** InputError where somebody has written to the file since it was opened: what was read of it may be neither the old nor the new. */
  async checkUnchanged(): Promise<void> {
    const now = await this.#file.stat();
    if (!now.isFile() || (now.size === this.bytes && now.mtimeMs === this.#opened.mtimeMs)) return;
    throw new InputError(`${this.path}: was written to while it was read; wait until it is whole, or read a copy of it`);
  }

  /** Hash of the whole file; reads what has not been read yet. */
  sha256(): Promise<string> {
    return (this.#sha256 ??= this.#finishHash());
  }

  async #finishHash(): Promise<string> {
    const rest = Buffer.allocUnsafe(1 << 20);
    for (let got = -1; got !== 0;) {
      got = await this.#readOn(rest, 0, rest.length);
      if (!this.#isRandom) this.#progress(got);
    }
    return this.#hash.digest("hex");
  }

  async close(): Promise<void> {
    await this.#hashing?.terminate();
    await this.#file.close();
  }
}
