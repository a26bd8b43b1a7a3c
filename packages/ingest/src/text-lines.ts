import type { ByteWindow } from "./byte-window.ts";
import { textOf } from "./word-table.ts";

/** Lines of a text, a window at a time, without their ends; numbered from 1. For formats that are no tables. */
export async function* textLines(bytes: ByteWindow): AsyncGenerator<readonly { readonly line: number; readonly text: string }[]> {
  let line = 0;
  do {
    await bytes.fill();
    const last = bytes.bytes.lastIndexOf(10, bytes.end - 1);
    const to = bytes.atEnd ? bytes.end : last + 1;
    if (to <= bytes.start) continue;
    const texts = textOf(bytes.bytes, bytes.start, to).split("\n");
    if (texts.at(-1) === "") texts.pop();
    bytes.start = to;
    yield texts.map((text) => ({ line: ++line, text: bare(text) }));
  } while (!bytes.atEnd || bytes.start < bytes.end);
}

const [CR, BOM] = [0x0d, 0xfeff];

/** Without what stands around a line and is not of it. */
function bare(text: string): string {
  const from = text.charCodeAt(0) === BOM ? 1 : 0;
  const to = text.charCodeAt(text.length - 1) === CR ? text.length - 1 : text.length;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** The lines that the first bytes of a text hold, trimmed at their ends, without blank ones and without one that goes on behind: to tell a format by. */
export function firstLines(head: Uint8Array, bytes = 4096): string[] {
  const lines = textOf(head, 0, Math.min(head.length, bytes))
    .replace(/^\uFEFF/, "")
    .split("\n");
  if (lines.length > 1) lines.pop();
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}
