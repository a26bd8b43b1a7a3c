import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
/** A QEMU that is asked for something and does not end is given up: far more than it takes on a busy machine. */
const ASK_MS = 60_000;
const SHARED_MEMORY = "/dev/shm";
const DONE = "GMT-DONE";
/** The guest writes what it found, and nothing it does any more is captured. */
const LAST_MARK = 98;

/** Runs a guest until it has switched itself off. Its memory as it was at marker 98 is in ram.bin then. InputError where it does not get there. */
export async function runQemu({ guest, folder, memoryMib, append, plugin, timeoutS }: GuestRun): Promise<void> {
  const at = (file: string): string => join(folder, file);
  for (const file of ["serial.log", "found.tgz", "ram.bin"]) rmSync(at(file), { force: true });
  writeFileSync(at("serial.log"), "");
  const log = openSync(at("qemu.log"), "w");
  const args = [
    "-nodefaults -no-user-config -display none -machine pc,memory-backend=ram0 -accel tcg,thread=single -cpu qemu64 -smp 1",
    `-m ${memoryMib}M -icount shift=0,sleep=off -rtc base=2024-01-01T00:00:00,clock=vm -seed 1 -no-reboot`,
  ].flatMap((line) => line.split(" "));
  args.push("-kernel", guest.kernel, "-initrd", guest.initramfs, "-append", `console=ttyS0 quiet panic=-1 nokaslr ${append}`);
  args.push("-serial", `file:${at("serial.log")}`, "-serial", `file:${at("found.tgz")}`);
  const memory = join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : folder, `tidemark-capture-${process.pid}.ram`);
  args.push("-object", `memory-backend-file,id=ram0,size=${memoryMib}M,mem-path=${memory},share=on`);
  args.push("-plugin", `${guest.plugin},${plugin},memory=${memory},copy=${at("ram.bin")},copy_at=${LAST_MARK}`);
  const level = levelAskedFor(guest.plugin);
  const env = level === undefined ? process.env : { ...process.env, GMTRACE_LEVEL: level };
  const qemu = spawn("qemu-system-x86_64", args, { stdio: ["ignore", log, log], env });
  const stop = (): void => void qemu.kill("SIGKILL");
  process.once("exit", stop);
  try {
    const isOver = (): boolean => qemu.exitCode !== null || qemu.signalCode !== null;
    const tries = (timeoutS * 1000) / LOOK_MS;
    for (let waited = 0; !isOver() && waited < tries; waited++) await sleep(LOOK_MS);
    if (!isOver())
      throw new InputError(
        `capture: the guest was not done after ${timeoutS} s; its last words in ${at("serial.log")}: ${lastLine(at("serial.log"))}`,
      );
    if (!readFileSync(at("serial.log"), "latin1").includes(DONE))
      throw new InputError(`capture: QEMU ended before the guest was done: ${lastLine(at("qemu.log")) || lastLine(at("serial.log"))}`);
  } finally {
    stop();
    process.off("exit", stop);
    closeSync(log);
    rmSync(memory, { force: true });
  }
}

/** The level of the plugin interface that this QEMU asks for; undefined: the plugin finds it. */
function levelAskedFor(plugin: string): string | undefined {
  // Ends at once: QEMU refuses the plugin for its level, or the plugin refuses the argument.
  const { stderr } = spawnSync("qemu-system-x86_64", ["-nodefaults", "-display", "none", "-plugin", `${plugin},ask=level`], {
    encoding: "utf8",
    timeout: ASK_MS,
  });
  return /supports only a minimum version of (\d+)/.exec(stderr)?.[1];
}

const lastLine = (path: string): string => (existsSync(path) ? (readFileSync(path, "utf8").trim().split("\n").at(-1) ?? "") : "");
