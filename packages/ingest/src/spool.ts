import { open } from "node:fs/promises";
import { fileProblem } from "@tidemark/data/shapes";
import type { ByteWindow } from "./byte-window.ts";

/** What is left of a window, in pieces of their own. */
export async function* chunksOf(window: ByteWindow): AsyncGenerator<Uint8Array> {
  do {
    if (window.end > window.start) yield Uint8Array.from(window.bytes.subarray(window.start, window.end));
    window.start = window.end;
    await window.fill();
  } while (window.end > window.start);
}

/** Writes what is left of a window to a file. */
export async function spool(window: ByteWindow, path: string): Promise<string> {
  try {
    const file = await open(path, "wx");
    for await (const chunk of chunksOf(window)) await file.write(chunk);
    await file.close();
  } catch (error) {
    throw fileProblem(error, path);
  }
  return path;
}
