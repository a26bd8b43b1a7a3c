import { Worker } from "node:worker_threads";
import { beginFolder, RUN_FILE, type WholeFolder } from "@tidemark/data";
import type { Scenario } from "@tidemark/replay";
import type { WorkerJob, WorkerSays, WorkerStart } from "./case-worker.ts";

/** A case to replay into a run folder, which appears when it is whole. */
export interface CaseJob {
  readonly scenario: Scenario;
  readonly folder: string;
  /** Called once: `failed` is why there is no run, undefined where there is one. */
  ended(failed: string | undefined): void;
}

/** Replays cases on so many threads. `progress`: cases done, with the parts of those being replayed. */
export async function replayCases(
  jobs: readonly CaseJob[],
  workers: number,
  start: WorkerStart,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const waiting = [...jobs];
  const parts = new Map<CaseJob, number>();
  const tell = (job: CaseJob, part: number): void => {
    parts.set(job, part);
    progress(
      [...parts.values()].reduce((sum, each) => sum + each, 0),
      jobs.length,
    );
  };
  const one = async (): Promise<void> => {
    let worker: Worker | undefined;
    try {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const current = job;
        worker ??= new Worker(new URL("./case-worker.js", import.meta.url), { workerData: start });
        const failed = await replayCase(worker, current, (part) => tell(current, part));
        tell(current, 1);
        if (failed?.isDead === true) {
          await worker.terminate();
          worker = undefined;
        }
        current.ended(failed?.message);
      }
    } finally {
      await worker?.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, one));
}

/** Why a case failed; whether its thread is of no more use. */
interface Failure {
  readonly message: string;
  readonly isDead: boolean;
}

async function replayCase(worker: Worker, { scenario, folder }: CaseJob, part: (part: number) => void): Promise<Failure | undefined> {
  const output = beginFolder(folder, RUN_FILE);
  const job: WorkerJob = { scenario, folder: output.path };
  const failed = await new Promise<Failure | undefined>((resolve) => {
    const end = (failure: Failure | undefined): void => {
      worker.off("message", heard).off("error", broke).off("exit", left);
      resolve(failure);
    };
    const heard = (message: WorkerSays): void => {
      if (message.says === "progress") part(message.part);
      else end(message.says === "done" ? undefined : { message: message.message, isDead: false });
    };
    // Out of memory, for example: the thread ends, the others go on.
    const broke = (error: Error): void => end({ message: error.message, isDead: true });
    const left = (code: number): void => end({ message: `its thread ended with code ${code}`, isDead: true });
    worker.on("message", heard).on("error", broke).on("exit", left);
    worker.postMessage(job, []);
  });
  return failed === undefined ? committed(output) : discarded(output, failed);
}

function committed(output: WholeFolder): Failure | undefined {
  try {
    output.commit();
    return undefined;
  } catch (error) {
    return discarded(output, { message: error instanceof Error ? error.message : String(error), isDead: false });
  }
}

function discarded(output: WholeFolder, failure: Failure): Failure {
  output.discard();
  return failure;
}
