import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { readRun, RUN_FILE, writeRun, type Run } from "./run.ts";
import { tableOf, tableSpec } from "./table.ts";
import { agesTable } from "./tables/ages.ts";
import { heatTable } from "./tables/heat.ts";
import { testFolder, thrownBy } from "./testing.ts";

const RUN: Run = {
  manifest: {
    schema: 1,
    tool: "test",
    pageBytes: 4096,
    scenario: { vms: [{ trace: "a.trace", backing: "4k" }], window: 1e9 },
    originNs: 0,
    endNs: 5,
    windowNs: 1,
    windowFrom: "as given",
    sampleNs: 1,
    timeScale: 1,
    seed: 1,
    instants: [{ vm: "a", asked: "end", timeNs: 5 }],
    traces: [{ name: "a.trace", sources: [{ name: "a.csv", sha256: "00" }] }],
    vms: [],
    markers: [{ vm: "a", timeNs: 2, id: 11 }],
    assumed: ["a: no alloc or free events"],
  },
  tables: [tableOf(agesTable, [{ time: 1, vm: "a", age: 1, pages: 2 }]), tableOf(heatTable, [])],
};

test("a run comes back as it was written; tables it does not have are not made up", async () => {
  const folder = join(testFolder(), "run");
  writeRun(folder, RUN);
  expect(readdirSync(folder).sort()).toEqual(["ages.arrow", "heat.arrow", RUN_FILE]);
  expect(await readRun(folder)).toEqual(RUN);
});

test("equal runs are equal byte for byte", () => {
  const folder = testFolder();
  for (const name of ["a", "b"]) writeRun(join(folder, name), structuredClone(RUN));
  for (const file of readdirSync(join(folder, "a"))) {
    expect(readFileSync(join(folder, "a", file)).equals(readFileSync(join(folder, "b", file))), file).toBe(true);
  }
});

test("an earlier run is replaced whole, another folder is not touched", async () => {
  const parent = testFolder();
  const folder = join(parent, "run");
  writeRun(folder, RUN);
  writeRun(folder, { ...RUN, tables: RUN.tables.slice(1) });
  expect(readdirSync(folder).sort()).toEqual(["heat.arrow", RUN_FILE]);
  const foreign = join(parent, "thesis");
  writeRun(foreign, RUN);
  writeFileSync(join(foreign, "chapter"), "1");
  expect(await thrownBy(() => writeRun(parent, RUN))).toEqual(
    new InputError(`${parent}: is a folder with other files in it; name one that does not exist yet`),
  );
});

test("a run that cannot be written leaves nothing", async () => {
  const parent = testFolder();
  const twice = tableSpec({ ...agesTable, about: "the same name again" });
  const error = await thrownBy(() => writeRun(join(parent, "run"), { ...RUN, tables: [...RUN.tables, tableOf(twice, [])] }));
  expect(String(error)).toContain("EEXIST");
  expect(readdirSync(parent)).toEqual([]);
});

test("a folder that is no run, or a broken one, is refused", async () => {
  const folder = join(testFolder(), "run");
  expect(await thrownBy(() => readRun(folder))).toEqual(new InputError(`${folder}/run.json: no such file or folder`));
  writeRun(folder, RUN);
  const manifest = join(folder, RUN_FILE);
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace('"schema": 1', '"schema": 9'));
  expect(await thrownBy(() => readRun(folder))).toEqual(new InputError(`${manifest}: schema: Invalid input: expected 1; replay again`));
  writeFileSync(manifest, text.slice(0, -5));
  expect(String(await thrownBy(() => readRun(folder)))).toContain("run.json: is not JSON (");
  writeFileSync(manifest, text);
  truncateSync(join(folder, "ages.arrow"), 100);
  expect(await thrownBy(() => readRun(folder))).toEqual(
    new InputError(`${folder}/ages.arrow: is cut short, its end is missing; write it again`),
  );
  expect(existsSync(folder)).toBe(true);
});
