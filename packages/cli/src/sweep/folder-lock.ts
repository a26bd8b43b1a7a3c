import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileProblem, InputError, makeFolders } from "@tidemark/data/shapes";

const LOCK_FILE = ".sweep.lock";

/** Who writes into a folder. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When that process began, as the system counts it: another may have its number by now. Empty where the system does not say. */
  readonly begun: string;
}

/** Refuses a folder that a process which still runs is writing into. What one that was killed left of its lock goes. */
export function checkUnlocked(folder: string): void {
  const path = join(folder, LOCK_FILE);
  if (!existsSync(path)) return;
  const { host, pid, begun } = holderOf(path);
  if (host !== hostname())
    throw new InputError(
      `${folder}: process ${pid} on ${host} is writing into it; where that is over, for example killed, remove ${path}, else name another folder`,
    );
  if (isRunning(pid, begun))
    throw new InputError(`${folder}: another tidemark compare, process ${pid}, is writing into it; wait for it, or name another folder`);
  rmSync(path, { force: true });
}

/** Takes the folder for this process until what comes back is called, or the process ends. The folder is made where it is not there, and goes again if it stays empty. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  let isMade: boolean;
  try {
    isMade = makeFolders(folder) !== undefined;
    const holder: Holder = { host: hostname(), pid: process.pid, begun: begunOf(process.pid) ?? "" };
    writeFileSync(path, JSON.stringify(holder), { flag: "wx" });
  } catch (error) {
    // Another began at the same moment.
    checkUnlocked(folder);
    throw fileProblem(error, folder);
  }
  const release = (): void => {
    process.off("exit", release);
    rmSync(path, { force: true });
    if (isMade && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  };
  process.on("exit", release);
  return release;
}

function holderOf(path: string): Holder {
  try {
    const { host, pid, begun } = Object(JSON.parse(readFileSync(path, "utf8")));
    return { host: String(host), pid: Number(pid), begun: String(begun) };
  } catch {
    // It was being written when its process was killed.
    return { host: hostname(), pid: NaN, begun: "" };
  }
}

function isRunning(pid: number, begun: string): boolean {
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return Object(error).code === "EPERM";
  }
  const now = begunOf(pid);
  return now === undefined || begun === "" || now === begun;
}

/** Field 22 of Linux's /proc/PID/stat: clock ticks from the system's start to the process's. */
function begunOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
