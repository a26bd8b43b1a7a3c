import { mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assert, fileProblem, InputError } from "./fail.ts";
import { testFolder, thrownBy } from "./testing.ts";

test("a broken assumption is a bug, not the user's mistake", async () => {
  assert(true, "never");
  const bug = await thrownBy(() => assert(false, "3 resident + 62 free != 64 pages"));
  expect(bug).not.toBeInstanceOf(InputError);
  expect(bug).toEqual(new Error("bug: 3 resident + 62 free != 64 pages"));
});

test("what the system says of a file becomes one line", async () => {
  const folder = testFolder();
  mkdirSync(join(folder, "full"));
  writeFileSync(join(folder, "full", "file"), "");
  const said = async (run: () => unknown) => fileProblem(await thrownBy(run), "traces/x.csv");
  expect(await said(() => readFileSync(join(folder, "absent")))).toEqual(new InputError("traces/x.csv: no such file or folder"));
  expect(await said(() => readFileSync(folder))).toEqual(new InputError("traces/x.csv: is a folder, not a file"));
  expect(await said(() => readFileSync(join(folder, "full", "file", "x")))).toEqual(
    new InputError("traces/x.csv: a part of the path is not a folder"),
  );
  expect(await said(() => rmdirSync(join(folder, "full")))).toEqual(new InputError("traces/x.csv: the folder is not empty"));
  expect(await said(() => openSync(join(folder, "x".repeat(300)), "w"))).toEqual(new InputError("traces/x.csv: the name is too long"));
});

test("other errors pass as they are", () => {
  const error = new RangeError("out of range");
  expect(fileProblem(error, "x")).toBe(error);
  const known = new InputError("y: permission denied");
  expect(fileProblem(known, "x")).toBe(known);
  expect(fileProblem("text", "x")).toEqual(new Error("text"));
});

test("an output that is not whole yet is called by the name it will have", () => {
  const error = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
  const said = (path: string) => fileProblem(error, path).message.split(": ")[0];
  expect(said("out/.run.123.part/ages.arrow")).toBe("out/run/ages.arrow");
  expect(said(".report.html.9.part")).toBe("report.html");
  expect(said(".hidden/file.5.part")).toBe(".hidden/file.5.part");
});
