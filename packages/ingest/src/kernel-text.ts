import type { ByteWindow } from "./byte-window.ts";
import { EventRows } from "./event-rows.ts";
import type { SourceContext } from "./format.ts";
import { KernelEvents } from "./kernel-events.ts";
import type { RawAccesses, RawGuest } from "./raw-batch.ts";
import { firstLines, textLines } from "./text-lines.ts";

/** Reads one line of a kernel's trace. */
type ReadLine = (line: number, text: string, events: KernelEvents, context: SourceContext) => void;

/** The rows of a text of kernel events, one to a line. */
export async function* kernelText(bytes: ByteWindow, context: SourceContext, readLine: ReadLine): AsyncGenerator<RawAccesses | RawGuest> {
  let lines: readonly { readonly line: number; readonly text: string }[] = [];
  const rows = new EventRows({ lineOf: (row) => row, textOf: (row) => lines[row - lines[0].line]?.text ?? "" });
  const events = new KernelEvents(context, rows);
  for await (lines of textLines(bytes)) {
    for (const { line, text } of lines) {
      readLine(line, text, events, context);
      if (rows.isReady) yield* rows.ready();
    }
    yield* rows.settled();
  }
  yield* rows.rest();
  events.finish();
}

/** Bytes that a format is told by: a call chain may be long. */
const SNIFFED = 1 << 16;

/** The first lines of a text that are no comments. */
export const firstRecords = (head: Uint8Array): string[] => firstLines(head, SNIFFED).filter((line) => !line.startsWith("#"));
