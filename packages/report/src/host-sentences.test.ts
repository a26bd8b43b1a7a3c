import {
  actionsTable,
  hostTable,
  pickTable,
  reclaimTable,
  rowsOf,
  stallsTable,
  tableOf,
  timelineTable,
  type Run,
  type Table,
} from "@tidemark/data";
import { expect, test } from "vitest";
import { hostSentences } from "./host-sentences.ts";
import { sentences } from "./sentences.ts";
import { exampleRun } from "./testing.ts";

const run = exampleRun({ isScarce: true, vms: ["a", "b"], translated: [] });

/** The run with other tables in place of its own. */
const having = (of: Run, ...tables: readonly Table[]): Run => ({
  ...of,
  tables: [...of.tables.filter(({ spec }) => tables.every((table) => table.spec.name !== spec.name)), ...tables],
});

test("tells how scarce memory was, what acts when, who gave and why, what is left, and what each VM gave and waited for", () => {
  expect(hostSentences(run)).toEqual([
    "The host has 373.1 MiB of machine memory, of which 14.1 MiB are the hypervisor's own; it wants 42.2 MiB to be free. " +
      "Memory was scarce (any state but high) for 2.99 s of 7 s (43 %), first at 1.93 s. The worst state was low: once, first at 2.2 s, 340 ms in all. At the last sample 46.4 MiB are free (state high).",
    "On this host page sharing runs all the time, slowly; balloons grow below 27 MiB (state soft); compression and swap begin below 13.5 MiB (state hard); " +
      "and below 6.8 MiB (state low) a VM that holds more than its target waits for each new page.",
    "The host first took memory from a and b at 2.05 s. The reason, of a: for its shares it holds much memory that it does not use (the idle memory tax); of b: it holds much memory for its shares.",
    "At the last sample page sharing saves 11.9 MiB, 23.7 MiB are swapped and 15.8 MiB compressed. By then the host is not short of memory, " +
      "but such pages come back only when they are touched: their number tells of the past, not of trouble now.",
    "a: its balloon held up to 22 MiB, at 2.82 s; 8.8 MiB were compressed over the run; 17.1 MiB swapped out, 4 MiB read again; 8.8 MiB share their machine pages at the last sample. " +
      "Of the pages that the balloon pinned 20 % had nothing behind them and freed nothing. " +
      "It waited 476 ms (6.8 % of run time): 38 % swap-in, 24 % first touch of new memory and 16 % the guest's own paging. Of 100 rows of its trace 99 waited at most 2 µs; the longest wait was 2.1 ms.",
    expect.stringMatching(/^b: its balloon held up to 17\.6 MiB/),
  ]);
});

test("stands between the ledger and translation", () => {
  const all = sentences(exampleRun({ isScarce: true }));
  expect(all).toHaveLength(1 + 2 + 5 + 1);
  expect(all[3]).toMatch(/^The host has/);
  expect(hostSentences(exampleRun())).toEqual([]);
});

test("a host that never was short of memory is said to be one", () => {
  const counters = pickTable(run.tables, timelineTable);
  const away = { vmmemctl: 0, zipped: 0, swapped: 0, shared: 0 };
  const rows = counters === undefined ? [] : rowsOf(counters).map((row) => ({ ...row, ...away }));
  const host = pickTable(run.tables, hostTable);
  const plenty =
    host === undefined ? [] : rowsOf(host).map((row) => ({ ...row, state: "high", free: 20_000 + row.free, consumed: row.granted }));
  const calm = having(
    run,
    tableOf(actionsTable, []),
    tableOf(timelineTable, rows),
    tableOf(hostTable, plenty),
    tableOf(reclaimTable, []),
    tableOf(stallsTable, []),
  );
  const [scarcity, , ...rest] = hostSentences(calm);
  expect(scarcity).toMatch(/It always had more: the least was 81\.\d MiB, at 2\.\d+ s\.$/);
  expect(rest).toEqual([
    "The host never had to take memory from a VM.",
    "a gave up nothing. It never waited.",
    "b gave up nothing. It never waited.",
  ]);
});

test("a VM above its limit gives whatever the host has; who is spared is named", () => {
  const reason = "limit: number 1 of 2 to give, above its limit (rho 0.1); holds 9, target 5, balloon to 4, page out 0";
  const limited = having(run, tableOf(actionsTable, [{ time: 3e9, vm: "b", action: "target", pages: 4, reason }]));
  expect(hostSentences(limited)).toContain(
    "The host first took memory from b at 3 s. The reason, each time: it is above its own limit, whatever the host has free. a stayed at a limit of its own, whatever the host had free: it gave up a page for each new one.",
  );
  const unblocked = having(limited, tableOf(stallsTable, []));
  expect(hostSentences(unblocked)[2]).toMatch(/ Nothing was ever asked of a\.$/);
});

test("a VM that waited in state low is not said to have a limit", () => {
  const actions = pickTable(run.tables, actionsTable);
  const rows = actions === undefined ? [] : rowsOf(actions).filter(({ action, vm }) => action === "state" || vm === "b");
  const words = hostSentences(having(run, tableOf(actionsTable, rows)))[2];
  expect(words).toMatch(
    / No decision asked anything of a, but it had to wait for pages to be given up: when hardly any were free, or at a limit of its own\.$/,
  );
});

test("a host that wants no memory free has no thresholds to tell", () => {
  const host = pickTable(run.tables, hostTable);
  const none = { minFree: 0, clear: 0, soft: 0, hard: 0, low: 0 };
  const rows = host === undefined ? [] : rowsOf(host).map((row) => ({ ...row, ...none }));
  expect(hostSentences(having(run, tableOf(hostTable, rows)))[1]).toBe(
    "On this host page sharing runs all the time, slowly; nothing else begins while a page is free (minFree is 0), and then each new one is taken from the VM furthest above its target.",
  );
});

test("what was taken without need is told apart", () => {
  const counts = [
    { vm: "a", counter: "reportedBacked", value: 512 },
    { vm: "a", counter: "proactive", value: 256 },
    { vm: "b", counter: "senpai", value: 1024 },
  ];
  const words = hostSentences(having(run, tableOf(reclaimTable, counts))).join("\n");
  expect(words).toMatch(
    /^a: .*; 2 MiB given back that the guest reported free; 1 MiB taken only because nobody had touched them for long;/m,
  );
  expect(words).toMatch(/^b: .*; 4 MiB taken only because the VM hardly waited \(Senpai\);/m);
});

test("of many VMs the first are named", () => {
  const many = exampleRun({ isScarce: true, vms: Array.from({ length: 12 }, (_, i) => `vm-${i}`), samples: 5 });
  expect(hostSentences(many)[2]).toMatch(/^The host first took memory from vm-0, .*vm-6 and vm-7 at 2\.05 s, then from 4 more\./);
  expect(hostSentences(many)[2]).toContain("of vm-1, vm-2, vm-3, vm-4, vm-5, vm-6, vm-7, vm-8 and 3 more: it holds");
});

test("what is off in the scenario is not said to begin", () => {
  const manifest = { ...run.manifest, scenario: { balloon: "off", compress: "off", share: { contents: "trace" } } };
  expect(hostSentences({ ...run, manifest })[1]).toBe(
    "On this host page sharing runs all the time, slowly; swap begins below 13.5 MiB (state hard); and below 6.8 MiB (state low) a VM that holds more than its target waits for each new page.",
  );
});

test("pages that are out while memory is short are not called stale", () => {
  const host = pickTable(run.tables, hostTable);
  const short = host === undefined ? [] : rowsOf(host).map((row) => ({ ...row, free: 100 }));
  expect(hostSentences(having(run, tableOf(hostTable, short))).join(" ")).not.toContain("come back only");
});

test("a VM that was powered off is said to be, and to have nothing", () => {
  const actions = pickTable(run.tables, actionsTable);
  if (actions === undefined) throw new Error("no actions");
  const stop = { time: 5e9, vm: "a", action: "stop", pages: 10, reason: "powered off" };
  const stopped = having(run, tableOf(actionsTable, [...rowsOf(actions), stop]));
  expect(sentences(stopped)[0]).toBe("At 7 s a is powered off and has no memory of the host.");
  const [a, b] = hostSentences(stopped).slice(-2);
  expect(a).toMatch(/^a: .* It was powered off at 5 s, and all that it had was free\.$/);
  expect(b).not.toContain("powered off");
});
