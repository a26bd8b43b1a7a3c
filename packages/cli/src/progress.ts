import { visibleText, withoutIsolates } from "./visible-text.ts";

/** Nothing is said about work that takes less. */
const QUIET_MS = 1000;
const REDRAW_MS = 100;
/** Where stderr is not a terminal: a line now and then. */
const LOG_MS = 10_000;

let drawn = false;

/** Reports `done` of `total` on stderr: what is going on, how far, how long still. */
export function progress(what: string): (done: number, total: number) => void {
  const begun = performance.now();
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    const spent = now - begun;
    if (spent < QUIET_MS || now - last < (process.stderr.isTTY ? REDRAW_MS : LOG_MS) || total <= 0 || done >= total) return;
    last = now;
    const fraction = Math.min(1, done / total);
    const left = fraction > 0.01 ? `, ${Math.ceil((spent * (1 - fraction)) / fraction / 1000)} s left` : "";
    const line = `${what}: ${Math.floor(fraction * 100)} %${left}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${line}`);
      drawn = true;
    } else process.stderr.write(`${line}\n`);
  };
}

/** Clears the progress line, if one is drawn. */
export function endProgress(): void {
  if (drawn) process.stderr.write("\r\u001b[K");
  drawn = false;
}

/** A line for people, on stderr. */
export function say(line: string): void {
  endProgress();
  process.stderr.write(`${visibleText(line)}\n`);
}

/** Text for people, on stdout. */
export function print(text: string): void {
  write(withoutIsolates(text));
}

/** A JSON document on stdout; NaN is null. */
export function printJson(value: unknown): void {
  write(JSON.stringify(value, null, 2));
}

function write(text: string): void {
  endProgress();
  process.stdout.write(visibleText(text.endsWith("\n") ? text : `${text}\n`));
}
