import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ArrowFileWriter, readArrowFile, type ArrowColumn } from "./arrow-file.ts";
import { InputError } from "./fail.ts";
import { testFolder, thrownBy } from "./testing.ts";

const COLUMNS: readonly ArrowColumn[] = [
  { name: "time", type: "u64" },
  { name: "vcpu", type: "u8", nullable: true },
  { name: "page", type: "u32" },
  { name: "hash", type: "hash" },
];

function written(lengths: readonly number[] = [70, 9, 70]): string {
  const path = join(testFolder(), "numbers.arrow");
  const writer = new ArrowFileWriter(path, COLUMNS);
  lengths.forEach((length, b) => {
    const rows = Array.from({ length }, (_, i) => 1000 * b + i);
    writer.write({
      length,
      columns: [
        Float64Array.from(rows, (row) => row + 2 ** 40),
        Uint8Array.from(rows, (row) => (row % 7 === 0 ? 255 : row % 4)),
        Uint32Array.from(rows),
        BigUint64Array.from(rows, BigInt),
      ],
    });
  });
  writer.close();
  return path;
}

async function read(path: string, columns = COLUMNS): Promise<unknown[][]> {
  const all: unknown[][] = columns.map(() => []);
  for await (const { length, columns: arrays } of readArrowFile(path, columns))
    arrays.forEach((array, i) => all[i].push(...[...array].slice(0, length)));
  return all;
}

test.each([
  { what: "near each other", lengths: [70, 9, 70] },
  { what: "far apart", lengths: [9, 70_001, 300, 70_000] },
])("any choice of columns, in any order, gives what the whole gives: $what", async ({ lengths }) => {
  const path = written(lengths);
  const whole = await read(path);
  expect(whole[1].slice(0, 8)).toEqual([255, 1, 2, 3, 0, 1, 2, 255]);
  for (const choice of [[3], [2], [1], [0], [1, 2], [3, 0], [3, 1], [2, 1, 0]]) {
    expect(
      await read(
        path,
        choice.map((c) => COLUMNS[c]),
      ),
    ).toEqual(choice.map((c) => whole[c]));
  }
});

test("the memory of a batch serves again: nobody's arrays grow with the file", async () => {
  const path = join(testFolder(), "long.arrow");
  const writer = new ArrowFileWriter(path, [COLUMNS[2]]);
  const page = new Uint32Array(4096);
  for (let b = 0; b < 40; b++) writer.write({ length: page.length, columns: [page.fill(b)] });
  writer.close();
  const memories = new Set<ArrayBufferLike>();
  for await (const { columns } of readArrowFile(path, [COLUMNS[2]])) memories.add((columns[0] as Uint32Array).buffer);
  expect(memories.size).toBe(2);
});

test("a file that was damaged gives rows or one clear error, and comes to an end", async () => {
  const path = written();
  const bytes = readFileSync(path);
  const footer = bytes.readInt32LE(statSync(path).size - 10);
  const messagesEnd = bytes.length - 10 - footer;
  const copy = `${path}.damaged`;
  const problems = new Set<string>();
  for (let at = 8; at < messagesEnd; at += 11) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 0x5a;
    writeFileSync(copy, damaged);
    const error = await thrownBy(() => read(copy)).catch(() => undefined);
    if (error === undefined) continue;
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).not.toContain("\n");
    problems.add(String(error).replace(`InputError: ${copy}: is damaged: `, ""));
  }
  expect([...problems].filter((problem) => problem.startsWith("a batch ends behind its end"))).not.toEqual([]);
  expect([...problems].filter((problem) => problem.startsWith("a batch does not hold its columns"))).not.toEqual([]);
});
