import { closeSync, createReadStream, openSync, readSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { ByteWindow, formats, PLAIN_READING, type TraceFormat } from "@tidemark/ingest";

const CODE = 0x0400_0000;
const HEAP = 0x04c0_0000;
const STACK = 0x1f_ff00_0000;

/** Text like lackey's: three of four lines are instructions in a row, with a jump now and then; loads and stores on heap and stack. */
function writeLackey(path: string, lines: number, pages: number): number {
  const file = openSync(path, "w");
  let text = "==1== Lackey, an example Valgrind tool\n";
  let state = 1;
  let ip = CODE;
  for (let line = 0; line < lines; line++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const dice = state >>> 24;
    if (dice < 190) {
      ip = dice < 12 ? CODE + ((state >>> 4) % pages) * 4096 : ip + 4;
      text += `I  ${hex(ip)},4\n`;
    } else {
      const address = (dice & 1) === 0 ? HEAP + ((state >>> 2) % (pages * 512)) * 8 : STACK + (state & 0xfff8);
      text += ` ${dice < 238 ? "L" : dice < 254 ? "S" : "M"} ${hex(address)},8\n`;
    }
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  closeSync(file);
  return lines;
}

const hex = (address: number): string => address.toString(16).padStart(8, "0");

/** Lines of a text, one event each. */
const lineEvents = (path: string): Promise<number> =>
  new Promise((resolve) => {
    let lines = 0;
    createInterface({ input: createReadStream(path), crlfDelay: Infinity })
      .on("line", () => lines++)
      .on("close", () => resolve(lines));
  });

/** The same by the loop that Node's documentation shows. */
async function lineLoop(path: string): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) lines += line.length > 0 ? 1 : 0;
  return lines;
}

/** The format's reader alone: bytes → typed columns. Nothing is hashed, numbered or written. */
async function columns(path: string): Promise<number> {
  const lackey = formats.find(isLackey);
  if (lackey === undefined) throw new Error("bug: there is no format lackey");
  const file = openSync(path, "r");
  const window = new ByteWindow(path, async (into, at, length) => readSync(file, into, at, length, null));
  await window.fill();
  let rows = 0;
  const log = { name: path, read: () => {}, short: () => {}, note: () => {}, captured: () => {}, synthesised: () => {}, vmNames: [""] };
  const refuse = (line: number, text: string, reason: string): void => {
    throw new Error(`bug: ${path}:${line}: ${reason}: ${text}`);
  };
  for await (const batch of lackey.read(window, {
    ...log,
    reject: refuse,
    plan: { ...PLAIN_READING, inputs: [path], output: "", tool: "bench" },
  }))
    rows += batch.length;
  closeSync(file);
  return rows;
}

const isLackey = (format: TraceFormat): format is Extract<TraceFormat, { sniff: unknown }> => format.name === "lackey" && "sniff" in format;

export const lackeyTasks: { readonly [name: string]: (path: string, lines: number, pages: number) => Promise<unknown> } = {
  "make-lackey": async (path, lines, pages) => writeLackey(path, lines, pages),
  "readline-events": (path) => lineEvents(path),
  "readline-loop": (path) => lineLoop(path),
  "lackey-columns": (path) => columns(path),
};
