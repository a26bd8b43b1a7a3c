import { afterEach, expect, test, vi } from "vitest";
import { endProgress, progress, say } from "./progress.ts";

const { isTTY: wasTTY } = process.stderr;

afterEach(() => {
  process.stderr.isTTY = wasTTY;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What is written to stderr from here on. */
function listen(isTTY: boolean): string[] {
  const written: string[] = [];
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  process.stderr.isTTY = isTTY;
  return written;
}

/** Reports a row each `stepMs`, of so many. */
function work(rows: number, stepMs: number): void {
  const report = progress("reading");
  for (let row = 1; row <= rows; row++) {
    vi.advanceTimersByTime(stepMs);
    report(row, rows);
  }
}

test("work of less than a second is not spoken of", () => {
  const written = listen(true);
  work(9, 100);
  endProgress();
  expect(written).toEqual([]);
});

test("on a terminal one line says how far it is and how long still, and goes before the next word", () => {
  const written = listen(true);
  work(4, 500);
  say("wrote it");
  expect(written).toEqual(["\r\u001b[Kreading: 50 %, 1 s left", "\r\u001b[Kreading: 75 %, 1 s left", "\r\u001b[K", "wrote it\n"]);
});

test("elsewhere a line every ten seconds", () => {
  const written = listen(false);
  work(40, 1000);
  expect(written).toEqual(["reading: 25 %, 30 s left\n", "reading: 50 %, 20 s left\n", "reading: 75 %, 10 s left\n"]);
});
