import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLAIN_READING } from "./ingest-plan.ts";
import { ingest } from "./ingest.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-input-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = `time_ns,vm,gva\n${Array.from({ length: 50_000 }, (_, row) => `${row},a,0x1000\n`).join("")}`;

test.each([
  ["longer", (file: string) => appendFileSync(file, "60000,a,0x1000\n")],
  ["shorter", (file: string) => truncateSync(file, 300_000)],
])("a file that becomes %s while it is read is refused, and nothing is left", async (_, change) => {
  const file = join(folder, "growing.csv");
  writeFileSync(file, TEXT);
  let isChanged = false;
  const plan = { ...PLAIN_READING, badRows: "skip", inputs: [file], output: join(folder, "out.trace"), tool: "test" } as const;
  const read = ingest(plan, () => {
    if (!isChanged) change(file);
    isChanged = true;
  });
  await expect(read).rejects.toThrow(`${file}: was written to while it was read; wait until it is whole, or read a copy of it`);
  expect(readdirSync(folder)).toEqual(["growing.csv"]);
});

test("a file that is given twice, by whatever name, is refused: its rows would count twice", async () => {
  const [file, link] = ["twice.csv", "link.csv"].map((name) => join(folder, name));
  writeFileSync(file, "time_ns,gva\n1,0x1000\n");
  symlinkSync(file, link);
  const read = (inputs: string[]) => ingest({ ...PLAIN_READING, inputs, output: join(folder, "out.trace"), tool: "test" }, () => {});
  await expect(read([file, file])).rejects.toThrow(`${file}: is given twice; give it once`);
  await expect(read([file, link])).rejects.toThrow(`${link}: is given twice, ${file} is the same file; give it once`);
  expect(existsSync(join(folder, "out.trace"))).toBe(false);
});
