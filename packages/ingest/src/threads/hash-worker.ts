import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const port = parentPort;
if (port === null) throw new Error("bug: a thread of ingest was started as a program");
const { path, bytes }: HashJob = workerData;

/** A file whose first `bytes` bytes are hashed. */
export interface HashJob {
  readonly path: string;
  readonly bytes: number;
}

const file = openSync(path, "r");
const hash = createHash("sha256");
const piece = Buffer.allocUnsafe(1 << 18);
for (let at = 0; at < bytes;) {
  const got = readSync(file, piece, 0, Math.min(piece.length, bytes - at), at);
  if (got === 0) break;
  hash.update(piece.subarray(0, got));
  at += got;
}
closeSync(file);
port.postMessage(hash.digest("hex"));
