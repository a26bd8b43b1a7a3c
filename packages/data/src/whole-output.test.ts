import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ArrowFileWriter } from "./arrow-file.ts";
import { InputError } from "./fail.ts";
import { tableOf } from "./table.ts";
import { writeTable } from "./table-arrow.ts";
import { agesTable } from "./tables/ages.ts";
import { testFolder, thrownBy } from "./testing.ts";
import { beginFolder, checkFile, checkFolder, discardUnfinished, scratchFolder, writeWhole } from "./whole-output.ts";

/** Begins `target`, with one file of the given text in it. */
function begin(target: string, text: string) {
  const folder = beginFolder(target, "run.json");
  writeFileSync(join(folder.path, "run.json"), text);
  return folder;
}
const textIn = (folder: string): string => readFileSync(join(folder, "run.json"), "utf8");

describe("a folder that is being written", () => {
  test("appears when it is whole, and not before", () => {
    const parent = testFolder();
    const target = join(parent, "new", "run");
    const folder = begin(target, "1");
    expect(existsSync(target)).toBe(false);
    folder.commit();
    expect(textIn(target)).toBe("1");
    expect(readdirSync(join(parent, "new"))).toEqual(["run"]);
  });

  test("does not replace a comparison, which has runs of its own", async () => {
    const target = join(testFolder(), "comparison");
    begin(target, "1").commit();
    writeFileSync(join(target, "sweep.json"), "{}");
    const refusal = new InputError(`${target}: has the runs of a comparison in it, which would be lost; name another folder`);
    expect(await thrownBy(() => begin(target, "2"))).toEqual(refusal);
    beginFolder(target, "sweep.json").discard();
    expect(textIn(target)).toBe("1");
  });

  test("leaves nothing when it is discarded, and of the folders above it those that others use", () => {
    const parent = testFolder();
    begin(join(parent, "run"), "1").discard();
    const begun = begin(join(parent, "new", "empty", "run"), "1");
    const other = join(parent, "new", "other");
    writeWhole(other, "");
    begun.discard();
    expect(readdirSync(parent, { recursive: true })).toEqual(["new", "new/other"]);
  });

  test("leaves no folders above it where its name is too long", async () => {
    const parent = testFolder();
    const long = "x".repeat(300);
    for (const target of [join(parent, "new", "folder", long), join(parent, "new", long, "folder")])
      await expect(thrownBy(() => begin(target, "1"))).resolves.toBeInstanceOf(InputError);
    await expect(thrownBy(() => writeWhole(join(parent, "new", long), ""))).resolves.toBeInstanceOf(InputError);
    expect(readdirSync(parent)).toEqual([]);
  });

  test("leaves nothing when the command is interrupted, other than what was whole", () => {
    const parent = testFolder();
    begin(join(parent, "done"), "1").commit();
    begin(join(parent, "new", "half"), "2");
    const scratch = scratchFolder(parent, "scratch");
    discardUnfinished();
    expect(readdirSync(parent)).toEqual(["done"]);
    scratch.discard();
    discardUnfinished();
    expect(readdirSync(parent)).toEqual(["done"]);
  });

  test("replaces an earlier one of its kind, and only when it is whole", () => {
    const parent = testFolder();
    const target = join(parent, "run");
    begin(target, "old").commit();
    writeFileSync(join(target, "old.arrow"), "");
    const again = begin(target, "new");
    expect(textIn(target)).toBe("old");
    again.discard();
    expect(readdirSync(target)).toEqual(["old.arrow", "run.json"]);
    begin(target, "newer").commit();
    expect(textIn(target)).toBe("newer");
    expect(readdirSync(target)).toEqual(["run.json"]);
    expect(readdirSync(parent)).toEqual(["run"]);
  });

  test("has nothing of one that a killed process of the same number left", () => {
    const parent = testFolder();
    const { path } = begin(join(parent, "run"), "1");
    writeFileSync(join(path, "half.arrow"), "");
    begin(join(parent, "run"), "2").commit();
    expect(readdirSync(join(parent, "run"))).toEqual(["run.json"]);
  });

  test("takes an empty folder", () => {
    const target = join(testFolder(), "run");
    mkdirSync(target);
    begin(`${target}/`, "1").commit();
    expect(textIn(target)).toBe("1");
  });

  test("refuses another's folder and a file", async () => {
    const parent = testFolder();
    writeFileSync(join(parent, "thesis"), "");
    expect(await thrownBy(() => beginFolder(parent, "run.json"))).toEqual(
      new InputError(`${parent}: is a folder with other files in it; name one that does not exist yet`),
    );
    expect(await thrownBy(() => beginFolder(join(parent, "thesis"), "run.json"))).toEqual(
      new InputError(`${join(parent, "thesis")}: is a file; name a folder that does not exist yet`),
    );
    const below = join(parent, "thesis", "run");
    expect(await thrownBy(() => beginFolder(below, "run.json"))).toEqual(new InputError(`${below}: a part of the path is not a folder`));
    expect(readdirSync(parent)).toEqual(["thesis"]);
  });

  test("puts the earlier one back when it cannot take its place", async () => {
    const parent = testFolder();
    const target = join(parent, "run");
    begin(target, "old").commit();
    const again = begin(target, "new");
    again.discard(); // what was to be renamed is gone
    expect(await thrownBy(() => again.commit())).toEqual(new InputError(`${target}: no such file or folder`));
    expect(textIn(target)).toBe("old");
    expect(readdirSync(parent)).toEqual(["run"]);
  });

  test("does not follow a link to delete what it points to", () => {
    const parent = testFolder();
    begin(join(parent, "kept"), "old").commit();
    symlinkSync(join(parent, "kept"), join(parent, "run"));
    begin(join(parent, "run"), "new").commit();
    expect([textIn(join(parent, "kept")), textIn(join(parent, "run"))]).toEqual(["old", "new"]);
  });
});

describe("a file written whole", () => {
  test("replaces an earlier one and leaves no other", () => {
    const parent = testFolder();
    const target = join(parent, "new", "report.html");
    writeWhole(target, "1");
    writeWhole(target, Uint8Array.of(50));
    expect(readFileSync(target, "utf8")).toBe("2");
    expect(readdirSync(join(parent, "new"))).toEqual(["report.html"]);
  });

  test("is refused where a folder stands, and leaves nothing", async () => {
    const parent = testFolder();
    mkdirSync(join(parent, "report"));
    expect(await thrownBy(() => writeWhole(join(parent, "report"), "1"))).toEqual(
      new InputError(`${join(parent, "report")}: is a folder, not a file`),
    );
    expect(readdirSync(parent)).toEqual(["report"]);
  });
});

describe("before the work, an output is refused that could not be written", () => {
  test("because of what is there", async () => {
    const parent = testFolder();
    const [file, folder] = [join(parent, "file"), join(parent, "folder")];
    writeFileSync(file, "");
    mkdirSync(folder);
    writeFileSync(join(folder, "thesis"), "");
    checkFile(file, []);
    checkFile(join(parent, "a", "b", "new"), []);
    checkFolder(folder);
    checkFolder(join(parent, "a", "b", "new"), "run.json");
    const said = async (check: () => void) => String(await thrownBy(check)).replace(`InputError: ${parent}/`, "");
    expect(await said(() => checkFile(folder, []))).toBe("folder: is a folder, not a file");
    expect(await said(() => checkFile(join(file, "a", "b"), []))).toBe("file/a/b: a part of the path is not a folder");
    expect(await said(() => checkFolder(file))).toBe("file: is a file; name a folder that does not exist yet");
    expect(await said(() => checkFolder(folder, "run.json"))).toBe(
      "folder: is a folder with other files in it; name one that does not exist yet",
    );
    expect(readdirSync(parent)).toEqual(["file", "folder"]);
  });
});

test("before the work, a file is refused that is read and would be lost", async () => {
  const parent = testFolder();
  const [file, link, folder] = ["one.csv", "link.csv", "web.trace"].map((name) => join(parent, name));
  writeFileSync(file, "");
  symlinkSync(file, link);
  mkdirSync(folder);
  for (const name of ["events.arrow", "report.html"]) writeFileSync(join(folder, name), "");
  const refusal = (path: string): InputError => new InputError(`${path}: is read, and would be lost; name another file`);
  for (const [target, inputs] of [
    [file, ["other.csv", file]],
    [link, [file]],
    [file, [link]],
    [join(folder, "events.arrow"), [folder]],
  ] as const)
    expect(await thrownBy(() => checkFile(target, inputs))).toEqual(refusal(target));
  for (const [target, inputs] of [
    [join(folder, "report.html"), [folder]],
    [join(parent, "new.html"), [file]],
    [file, [folder]],
    ["/dev/null", ["/dev/null"]],
  ] as const)
    checkFile(target, inputs);
});

test("a link to a file stays a link, a device is written to and not replaced", () => {
  const parent = testFolder();
  writeFileSync(join(parent, "file"), "old");
  symlinkSync(join(parent, "file"), join(parent, "link"));
  writeWhole(join(parent, "link"), "new");
  expect(lstatSync(join(parent, "link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(parent, "file"), "utf8")).toBe("new");
  expect(readdirSync(parent)).toEqual(["file", "link"]);
  writeWhole("/dev/null", "gone");
  expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("scratch folders of one process are never the same", () => {
  const parent = testFolder();
  const [a, b] = [scratchFolder(parent, "s"), scratchFolder(parent, "s")];
  writeFileSync(join(b.path, "kept"), "");
  a.discard();
  const c = scratchFolder(parent, "s");
  expect(readdirSync(b.path)).toEqual(["kept"]);
  b.discard();
  c.discard();
  expect(readdirSync(parent)).toEqual([]);
});

test("without permission, one line and nothing written", async () => {
  const parent = testFolder();
  const target = join(parent, "run");
  begin(target, "old").commit();
  chmodSync(parent, 0o555);
  const uid = process.geteuid?.();
  if (uid === 0) {
    process.seteuid?.(65_534); // permissions mean nothing to root
    onTestFinished(() => process.seteuid?.(uid));
  }
  const denied = new InputError(`${target}: permission denied`);
  expect(await thrownBy(() => beginFolder(target, "run.json"))).toEqual(denied);
  expect(await thrownBy(() => writeWhole(target, "1"))).toEqual(denied);
  const path = join(parent, "x.arrow");
  expect(await thrownBy(() => new ArrowFileWriter(path, []))).toEqual(new InputError(`${path}: permission denied`));
  if (uid === 0) process.seteuid?.(uid);
  chmodSync(parent, 0o755);
  expect(readdirSync(parent)).toEqual(["run"]);
});

describe.runIf(process.platform === "linux")("at the file-size limit, which stands for a full disk", () => {
  const limited = async (bytes: number, run: () => unknown): Promise<unknown> => {
    const limit = (value: string): void => void execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${value}:`]);
    const ignore = (): void => {}; // as the command does: without a listener the signal ends the process
    process.on("SIGXFSZ", ignore);
    limit(String(bytes));
    try {
      return await thrownBy(run);
    } finally {
      limit("unlimited");
      process.off("SIGXFSZ", ignore);
    }
  };
  const reached = "the file-size limit of this process is reached; raise it (ulimit -f), or write elsewhere";

  test("a file fails in one line and leaves nothing", async () => {
    const parent = testFolder();
    const target = join(parent, "report.html");
    expect(await limited(4096, () => writeWhole(target, "x".repeat(5000)))).toEqual(new InputError(`${target}: ${reached}`));
    expect(readdirSync(parent)).toEqual([]);
  });

  test("an Arrow file fails in one line, with rows, with its end, and in a folder that leaves nothing", async () => {
    const parent = testFolder();
    const table = tableOf(
      agesTable,
      Array.from({ length: 1000 }, (_, i) => ({ time: i, vm: "vm", age: i, pages: i })),
    );
    const folder = beginFolder(join(parent, "run"), "run.json");
    const path = join(folder.path, "ages.arrow");
    expect(await limited(4096, () => writeTable(path, table))).toEqual(new InputError(`${join(parent, "run", "ages.arrow")}: ${reached}`));
    folder.discard();
    const whole = join(parent, "whole.arrow");
    writeTable(whole, table);
    const short = join(parent, "short.arrow");
    expect(await limited(readFileSync(whole).length - 1, () => writeTable(short, table))).toEqual(new InputError(`${short}: ${reached}`));
    expect(readdirSync(parent).sort()).toEqual(["short.arrow", "whole.arrow"]);
  });
});
