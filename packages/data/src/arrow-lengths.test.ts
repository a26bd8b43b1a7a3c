import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ArrowFileWriter, readArrowFile } from "./arrow-file.ts";
import { InputError } from "./fail.ts";
import { testFolder, thrownBy } from "./testing.ts";

const COLUMNS = [
  { name: "time", type: "u64" },
  { name: "page", type: "u32" },
] as const;
/** As many fields as take minutes to go through, and as lengths are cut to. */
const HUGE = 0x3fffffff;

async function allOf(path: string): Promise<void> {
  for await (const { length } of readArrowFile(path, COLUMNS)) expect(length).toBeLessThanOrEqual(2);
}

test("whatever number of the footer is damaged, a file is read or refused, and does not hang", async () => {
  const path = join(testFolder(), "events.arrow");
  const writer = new ArrowFileWriter(path, COLUMNS);
  writer.write({ length: 2, columns: [Float64Array.of(1, 2), Uint32Array.of(3, 4)] });
  writer.close();
  const whole = readFileSync(path);
  const end = whole.length - 10;
  let lists = 0;
  for (let at = end - whole.readInt32LE(end); at + 4 <= end; at += 4) {
    const damaged = Buffer.from(whole);
    damaged.writeInt32LE(HUGE, at);
    writeFileSync(path, damaged);
    const error = await thrownBy(() => allOf(path)).catch(() => undefined);
    if (error !== undefined) expect(error).toBeInstanceOf(InputError);
    if (String(error).includes("has a list of")) lists++;
  }
  expect(lists).toBeGreaterThan(2);
});
