import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { InputError } from "@tidemark/data/shapes";

/** Names under which chromium and its kin are installed. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The chromium of this machine: the one that CHROMIUM names, else the first on the path. InputError where there is none. */
export function findChromium(wantedFor: string): string {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (canRun(named)) return named;
    throw new InputError(`${wantedFor}: CHROMIUM=${named} cannot be run; name a chromium, or unset it to have one looked for`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(canRun);
  if (found !== undefined) return found;
  throw new InputError(`${wantedFor}: needs chromium, and there is none; install it, or name one with CHROMIUM=/path`);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser without a window, spoken to in Chrome's DevTools protocol. */
export interface Browser {
  /** Sends a command, and gives its result; `session` is that of a page. */
  send(method: string, params: object, session?: string): Promise<Reply>;
  close(): Promise<void>;
}

type Reply = { readonly [key: string]: unknown };

interface Message {
  readonly id?: number;
  readonly result?: Reply;
  readonly error?: { readonly message: string };
}

const FLAGS = [
  "--headless",
  "--remote-debugging-pipe",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-sync",
];

/** A browser that has nothing to do ends at once; one that hangs is killed. */
const END_PATIENCE_MS = 30_000;

/** Signals that stop a command. */
const STOPS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** Starts it with an empty profile in a folder of its own. */
export function startBrowser(file: string, profile: string): Browser {
  const isRoot = process.getuid?.() === 0; // chromium's sandbox refuses to work for root
  const flags = [...FLAGS, `--user-data-dir=${profile}`, ...(isRoot ? ["--no-sandbox"] : []), "about:blank"];
  const child = spawn(file, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , commands, replies] = child.stdio;
  // Before the command that is stopped removes the profile.
  const kill = (): void => void child.kill("SIGKILL");
  for (const signal of STOPS) process.prependListener(signal, kill);
  const waiting = new Map<number, { readonly done: (reply: Reply) => void; readonly failed: (error: Error) => void }>();
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      for (const { failed } of waiting.values()) failed(new InputError(`${file}: ended before it was done; does it start by itself?`));
      waiting.clear();
      resolve();
    };
    child.on("error", end);
    child.on("exit", end);
  });
  for (const stream of [commands, replies]) stream?.on("error", () => {}); // its end says it all
  onMessages(replies as Readable, ({ id, result, error }) => {
    const asked = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || asked === undefined) return;
    waiting.delete(id);
    if (error === undefined) asked.done(result ?? {});
    else asked.failed(new Error(`bug: ${file}: ${error.message}`));
  });
  let sent = 0;
  const send: Browser["send"] = (method, params, session) =>
    new Promise((done, failed) => {
      const id = ++sent;
      waiting.set(id, { done, failed });
      (commands as Writable).write(`${JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) })}\0`);
    });
  return {
    send,
    async close() {
      // Asked to, it removes what it has made in the folder of temporary files; killed, it would not.
      send("Browser.close", {}).catch(() => {});
      const late = setTimeout(kill, END_PATIENCE_MS);
      await ended;
      clearTimeout(late);
      for (const signal of STOPS) process.off(signal, kill);
    },
  };
}

/** Messages are JSON texts, each ended by a zero byte. */
function onMessages(replies: Readable, heard: (message: Message) => void): void {
  let parts: Buffer[] = [];
  replies.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      parts.push(chunk.subarray(from, end));
      heard(JSON.parse(Buffer.concat(parts).toString()) as Message);
      parts = [];
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
  });
}
