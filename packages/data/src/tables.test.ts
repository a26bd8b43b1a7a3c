import { expect, test } from "vitest";
import { LEDGER_CLASSES, PAGE_KINDS } from "./tables/gap.ts";
import { tables } from "./tables.ts";

const columns = tables.flatMap((table) => Object.entries(table.columns).map(([name, column]) => ({ table: table.name, name, ...column })));

test("names of tables are unique, and file names", () => {
  expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length);
  for (const { name } of tables) expect(name).toMatch(/^[a-z][a-z-]*$/);
});

test("every table and column says what it is, in one line", () => {
  for (const { name, about } of [...tables, ...columns]) {
    expect(about, name).toMatch(/^\S.*\S$/);
    expect(about.endsWith("."), name).toBe(false);
  }
});

test("every column has a unit that goes with its type", () => {
  const unitsOf = {
    time: ["ns"],
    count: ["pages", "accesses", "faults", "events", "PPN"],
    number: ["pages", "accesses", "%", "cycles", "ns", ""],
    text: [""],
  };
  for (const { table, name, type, unit } of columns) expect(unitsOf[type], `${table}.${name}`).toContain(unit);
});

test("every table of samples has the instant and the VM, but for the host's own", () => {
  for (const { name, columns: own } of tables.filter(({ name: table, columns: own }) => "time" in own && table !== "host")) {
    expect(own["time"], name).toMatchObject({ type: "time", unit: "ns" });
    expect(own["vm"], name).toMatchObject({ type: "text" });
  }
});

test("the words a column can hold are those of its description", () => {
  for (const { name, about } of columns.filter(({ type }) => type === "text")) {
    if (name === "class") expect(about.split(": ")[1]?.split(", ")).toEqual([...LEDGER_CLASSES]);
    if (name === "kind") expect(about.split(": ")[1]?.split(", ")).toEqual([...PAGE_KINDS]);
  }
});
