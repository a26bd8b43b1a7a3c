import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaints, FORK, preloading, shell, temporary, tidemark, type Finished } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

// Files that were left open are complained of by Node when it collects garbage: here, always, before the process ends.
const collecting = `import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
setFlagsFromString("--expose-gc");
process.once("beforeExit", () => {
  runInNewContext("gc")();
  setImmediate(() => {});
});`;
const surroundings = { cwd: folder.path, env: preloading(collecting) };

beforeAll(async () => {
  expect((await tidemark(["ingest", ...FORK, "-o", join(folder.path, "fork.trace")])).code).toBe(0);
});

function refused({ code, stdout, stderr }: Finished, message: RegExp): void {
  expect([code, stdout]).toEqual([2, ""]);
  expect(complaints(stderr)).toEqual([expect.stringMatching(message)]);
  expect(stderr.trimEnd().split("\n").at(-1)).toMatch(message);
}

describe("at the file-size limit", () => {
  const limit = /^tidemark: \S+: the file-size limit of this process is reached; raise it \(ulimit -f\), or write elsewhere$/;
  // ulimit -f counts blocks of 1,024 bytes.
  test.each([
    ["ingest", `ulimit -f 200; exec $TIDEMARK ingest ${FORK.join(" ")} -o out`],
    ["cut", "ulimit -f 200; exec $TIDEMARK cut fork.trace -o out"],
    ["replay", "ulimit -f 2; exec $TIDEMARK replay fork.trace -o out"],
    ["explain -o", "ulimit -f 200; exec $TIDEMARK explain fork.trace -o out"],
    ["explain --png", "ulimit -f 2; exec $TIDEMARK explain fork.trace --png out"],
  ])("%s says so and leaves nothing", async (_, line) => {
    refused(await shell(line, surroundings), limit);
    expect(readdirSync(folder.path)).toEqual(["fork.trace"]);
  });
});

test("on a full disk", async (context) => {
  mkdirSync(join(folder.path, "small"));
  const mounted = await shell("mount -t tmpfs -o size=1m tidemark-test small", surroundings);
  if (mounted.code !== 0) return context.skip("needs the right to mount a small file system");
  try {
    refused(
      await tidemark(["ingest", ...FORK, "-o", "small/out.trace"], surroundings),
      /^tidemark: \S+\/small\/out\.trace\/events\.arrow: no space left on the disk; free some, or write elsewhere$/,
    );
    expect(readdirSync(join(folder.path, "small"))).toEqual([]);
  } finally {
    expect((await shell("umount small", surroundings)).code).toBe(0);
  }
});

test.runIf(process.platform === "linux")("where standard output cannot be written", async () => {
  const { code, stderr } = await shell("$TIDEMARK list formats > /dev/full", surroundings);
  expect([code, stderr]).toEqual([2, "tidemark: standard output: no space left on the disk; free some, or write elsewhere\n"]);
});
