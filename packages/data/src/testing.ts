import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that is gone after the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What `run` throws, for a look at its type and its whole text. */
export async function thrownBy(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** All that a producer of reused batches yields; `keep` copies what is wanted of each. */
export async function collect<T, R>(batches: AsyncIterable<T>, keep: (batch: T) => readonly R[]): Promise<R[]> {
  const all: R[] = [];
  for await (const batch of batches) all.push(...keep(batch));
  return all;
}
