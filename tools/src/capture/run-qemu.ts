import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "@tidemark/data";
import type { PreparedGuest } from "./prepare-guest.ts";

/** How a guest runs: deterministic, but for nothing in it that we know. */
export interface GuestRun {
  readonly guest: PreparedGuest;
  /** Where serial.log, found.tgz and ram.bin go. */
  readonly folder: string;
  readonly memoryMib: number;
  /** Words for the kernel's command line. */
  readonly append: string;
  /** Arguments of the plugin, with the trace it writes. */
  readonly plugin: string;
  /** Wall time after which it is given up, s. */
  readonly timeoutS: number;
}

const LOOK_MS = 250;
const DONE = "GMT-DONE";
const SHUTDOWN_LOOKS = 120;

/** Runs a guest until it has switched itself off, saves its memory to ram.bin, and ends QEMU. InputError where it does not get there. */
export async function runQemu({ guest, folder, memoryMib, append, plugin, timeoutS }: GuestRun): Promise<void> {
  const at = (file: string): string => join(folder, file);
  for (const file of ["serial.log", "found.tgz", "ram.bin", "qmp.sock"]) rmSync(at(file), { force: true });
  writeFileSync(at("serial.log"), "");
  const log = openSync(at("qemu.log"), "w");
  const args = [
    "-nodefaults -no-user-config -display none -machine pc -accel tcg,thread=single -cpu qemu64 -smp 1",
    `-m ${memoryMib}M -icount shift=0,sleep=off -rtc base=2024-01-01T00:00:00,clock=vm -seed 1 -no-reboot -no-shutdown`,
  ].flatMap((line) => line.split(" "));
  args.push("-kernel", guest.kernel, "-initrd", guest.initramfs, "-append", `console=ttyS0 quiet panic=-1 nokaslr ${append}`);
  args.push("-serial", `file:${at("serial.log")}`, "-serial", `file:${at("found.tgz")}`);
  args.push("-qmp", `unix:${at("qmp.sock")},server=on,wait=off`, "-plugin", `${guest.plugin},${plugin}`);
  const qemu = spawn("qemu-system-x86_64", args, { stdio: ["ignore", log, log] });
  const ended = new Promise<void>((resolve) => void qemu.on("exit", () => resolve()));
  const stop = (): void => void qemu.kill("SIGKILL");
  process.once("exit", stop);
  try {
    const isOver = (): boolean => qemu.exitCode !== null || qemu.signalCode !== null;
    const tries = (timeoutS * 1000) / LOOK_MS;
    let waited = 0;
    while (!isOver() && waited++ < tries && !readFileSync(at("serial.log"), "latin1").includes(DONE)) await sleep(LOOK_MS);
    if (isOver()) throw new InputError(`capture: QEMU ended before the guest was done: ${lastLine(at("qemu.log"))}`);
    if (waited > tries)
      throw new InputError(
        `capture: the guest was not done after ${timeoutS} s; its last words in ${at("serial.log")}: ${lastLine(at("serial.log"))}`,
      );
    await saveMemory(at("qmp.sock"), memoryMib, at("ram.bin"));
    await ended;
  } finally {
    stop();
    process.off("exit", stop);
    closeSync(log);
    rmSync(at("qmp.sock"), { force: true });
  }
}

/** Over QEMU's own protocol: waits until the guest has switched itself off, saves its memory, quits. */
async function saveMemory(path: string, memoryMib: number, file: string): Promise<void> {
  const socket = createConnection(path);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const say = async (command: string, given: object = {}): Promise<string> => {
    socket.write(`${JSON.stringify({ execute: command, arguments: given })}\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new InputError(`capture: QEMU closed its control socket at ${command}`);
      if (value.includes('"error"')) throw new InputError(`capture: QEMU refuses ${command}: ${value}`);
      if (value.includes('"return"')) return value;
    }
  };
  await lines.next(); // its greeting
  await say("qmp_capabilities");
  for (let looks = 0; !(await say("query-status")).includes('"shutdown"'); looks++) {
    if (looks === SHUTDOWN_LOOKS) throw new InputError("capture: the guest is done and does not switch itself off");
    await sleep(LOOK_MS);
  }
  await say("pmemsave", { val: 0, size: memoryMib * 2 ** 20, filename: file });
  socket.write(`${JSON.stringify({ execute: "quit" })}\n`);
  socket.end();
}

const lastLine = (path: string): string => (existsSync(path) ? (readFileSync(path, "utf8").trim().split("\n").at(-1) ?? "") : "");
