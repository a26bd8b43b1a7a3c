import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOC, digestsIn, filesIn, LONG_CACHE, shell, signalling, temporary, tidemark, type Finished } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const tmp = at("tmp");
mkdirSync(tmp);
const surroundings = { cwd: folder.path, env: { TMPDIR: tmp } };

beforeAll(async () => {
  expect((await tidemark(["ingest", ALLOC[0], "-o", at("alloc.trace")])).code).toBe(0);
});

/** A command that gets a signal: of a trace in the middle of its writing, of a replay when it opens the second of the trace's files. */
const interrupted = (signal: NodeJS.Signals, ...args: readonly string[]): Promise<Finished> => {
  const env = args[0] === "replay" ? signalling(signal, "promises.open", 2) : signalling(signal, "writeSync", 40);
  return tidemark(args, { cwd: folder.path, env: { ...surroundings.env, ...env } });
};

describe("a command that is stopped in the middle", () => {
  test.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("by %s while it ingests exits with %d and leaves nothing", async (signal, exitCode) => {
    const { code, stdout, stderr } = await interrupted(signal, "ingest", ...LONG_CACHE, "-o", at("long.trace"));
    expect([code, stdout]).toEqual([exitCode, ""]);
    expect(stderr).not.toContain("wrote");
    expect(readdirSync(folder.path).sort()).toEqual(["alloc.trace", "tmp"]);
  });

  test("while explain reads, its temporary trace goes too", async () => {
    const { code, stdout } = await interrupted("SIGINT", "explain", ...LONG_CACHE);
    expect([code, stdout]).toEqual([130, ""]);
    expect(readdirSync(tmp)).toEqual([]);
  });

  test("while it replays, no run appears", async () => {
    const { code, stdout } = await interrupted("SIGINT", "replay", at("alloc.trace"), "-o", at("run"));
    expect([code, stdout]).toEqual([130, ""]);
    expect(readdirSync(folder.path).sort()).toEqual(["alloc.trace", "tmp"]);
  });

  test("while it makes up a trace, none appears", async () => {
    const { code, stdout } = await interrupted("SIGINT", "synth", "zipf", "--rows", "3000000", "-o", at("made.trace"));
    expect([code, stdout]).toEqual([130, ""]);
    expect(readdirSync(folder.path).sort()).toEqual(["alloc.trace", "tmp"]);
  });

  test("an earlier output stays as it was", async () => {
    const kept = digestsIn(at("alloc.trace"));
    const { code } = await interrupted("SIGINT", "ingest", ...LONG_CACHE, "-o", at("alloc.trace"));
    expect(code).toBe(130);
    expect(digestsIn(at("alloc.trace"))).toEqual(kept);
    expect(readdirSync(folder.path).sort()).toEqual(["alloc.trace", "tmp"]);
  });
});

describe("a pipe that is closed early", () => {
  test.each([
    "$TIDEMARK info alloc.trace --json | head -1",
    "$TIDEMARK list charts | head -1",
    "$TIDEMARK info alloc.trace 2>&1 | head -1",
  ])("%s ends quietly", async (line) => {
    const { stdout, stderr } = await shell(`${line}; echo "exit \${PIPESTATUS[0]}"`, surroundings);
    expect(stdout.trimEnd().split("\n")).toEqual([expect.stringMatching(/\S/), "exit 0"]);
    expect(stderr).toBe("");
  });
});

describe("an output folder", () => {
  test("with other files in it is refused and kept", async () => {
    mkdirSync(at("thesis"));
    writeFileSync(at("thesis/chapter.txt"), "precious");
    for (const args of [
      ["ingest", ALLOC[1]],
      ["replay", at("alloc.trace")],
      ["cut", at("alloc.trace")],
    ]) {
      const { code, stdout, stderr } = await tidemark([...args, "-o", at("thesis")], surroundings);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/tidemark: \S+thesis: is a folder with other files in it; name one that does not exist yet\n$/);
    }
    expect([...filesIn(at("thesis"))].map(([name, bytes]) => [name, bytes.toString()])).toEqual([["chapter.txt", "precious"]]);
  });

  test("of an earlier run is replaced whole", async () => {
    for (const sample of ["100ms", "500ms"]) {
      const { code } = await tidemark(
        ["replay", at("alloc.trace"), "-o", at("again"), "--set", "window=1s", "--set", `sample=${sample}`],
        surroundings,
      );
      expect(code).toBe(0);
    }
    expect(JSON.parse(readFileSync(at("again/run.json"), "utf8"))).toMatchObject({ sampleNs: 5e8 });
    expect(readdirSync(folder.path).filter((name) => name.includes("again"))).toEqual(["again"]);
  });
});
