import { parentPort, workerData } from "node:worker_threads";
import { fileProblem, fillRun, InputError, openShared, openTrace, type SharedTrace, type Trace } from "@tidemark/data";
import type { Scenario } from "@tidemark/replay";
import { replay } from "@tidemark/replay/replay";

/** What every worker is started with. */
export interface WorkerStart {
  /** By the path that scenarios name: the trace itself, in memory that all share, or the folder to read it from. */
  readonly traces: ReadonlyMap<string, SharedTrace | string>;
  /** Goes into the manifests. */
  readonly tool: string;
}

/** One case to replay. */
export interface WorkerJob {
  readonly scenario: Scenario;
  /** An empty folder for the run's files. */
  readonly folder: string;
}

export type WorkerSays =
  | { readonly says: "progress"; readonly part: number }
  | { readonly says: "done" }
  /** `message`: one line where the user can put it right, else a stack. */
  | { readonly says: "failed"; readonly message: string };

/** Between messages about progress. */
const REPORT_MS = 100;

const port = parentPort;
if (port === null) throw new Error("bug: a worker of compare was started as a program");
const { traces, tool }: WorkerStart = workerData;
const say = (message: WorkerSays): void => port.postMessage(message);

const opened = new Map<string, Trace>();
function open(path: string): Trace {
  const source = traces.get(path) ?? path;
  const trace = opened.get(path) ?? (typeof source === "string" ? openTrace(source) : openShared(source));
  opened.set(path, trace);
  return trace;
}

async function work({ scenario, folder }: WorkerJob): Promise<void> {
  let lastMs = 0;
  try {
    const run = await replay({
      scenario,
      open,
      instants: ["end"],
      check: false,
      tool,
      progress(done, total) {
        const now = performance.now();
        if (now - lastMs < REPORT_MS || total === 0) return;
        lastMs = now;
        say({ says: "progress", part: done / total });
      },
    });
    try {
      fillRun(folder, run);
    } catch (error) {
      throw fileProblem(error, folder);
    }
    say({ says: "done" });
  } catch (error) {
    say({
      says: "failed",
      message: error instanceof InputError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

port.on("message", (job: WorkerJob) => void work(job));
