import { caseParametersTable, casesTable, differencesTable, pickTable, rowsOf, tableOf, type Row, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { renderPage } from "../page.ts";
import { exampleRun } from "../testing.ts";
import { caseLabels, valueLabels, valueText } from "./case-labels.ts";
import { comparisonIn, isOnlyOfCases } from "./facts.ts";
import { comparisonSentences } from "./words.ts";

type CaseRow = Row<typeof casesTable.columns>;
type DifferenceRow = Row<typeof differencesTable.columns>;

const OF_CASES = new Set(["cases", "case-parameters", "differences"]);
/** The example as `compare` gives it: nothing but the comparison. */
function compared(vms: readonly string[] = ["db", "hog"]): Run {
  const { manifest, tables } = exampleRun({ vms, isCompared: true });
  return { manifest: { ...manifest, instants: [], markers: [] }, tables: tables.filter(({ spec }) => OF_CASES.has(spec.name)) };
}

/** A comparison of cases written by hand: saved pages, and stall of the VM in ms of 1 s. */
function handWritten(
  cases: readonly {
    readonly name: string;
    readonly saved: number;
    readonly ms: number;
    readonly value?: string;
    readonly cycles?: number;
  }[],
  parameter = "host.memory",
): Run {
  const [base] = cases;
  const rows = cases.map(({ name, saved, ms }): CaseRow => ({
    case: name,
    role: name === base?.name ? "baseline" : "",
    failed: "",
    machine: NaN,
    span: 1e9,
    consumed: 1000 - saved,
    saved,
    stall: ms * 1e6,
    swapin: 0,
    dominated: "",
  }));
  const differences = cases.map(({ name, saved, ms, cycles = NaN }): DifferenceRow => ({
    case: name,
    vm: "web",
    span: 1e9,
    consumed: 1000 - saved,
    saved,
    stall: ms * 1e6,
    stallMore: (ms - (base?.ms ?? 0)) * 1e6,
    swapin: 0,
    swapinMore: 0,
    cycles,
    cyclesMore: cycles - (base?.cycles ?? NaN),
    activeError: NaN,
    activeErrorMore: NaN,
  }));
  const parameters = cases.flatMap(({ name, value }) => (value === undefined ? [] : [{ case: name, parameter, value }]));
  return {
    manifest: compared().manifest,
    tables: [tableOf(casesTable, rows), tableOf(caseParametersTable, parameters), tableOf(differencesTable, differences)],
  };
}

describe("the answer of a comparison", () => {
  test("says of each value of the first parameter what it saves and costs whom, under each of the others", () => {
    const [same, , half, front] = comparisonSentences(compared());
    expect(same).toBe(
      "swap.policy lru instead of random, with host.memory 256MiB as in the baseline, saves 320 KiB and spares VM db < 0.1 % of run time in waiting.",
    );
    expect(half).toMatch(
      /^Half the host \(128MiB instead of 256MiB\): with swap\.policy random it saves [\d.]+ MiB and costs VM hog 9\.1 % of run time in waiting; with swap\.policy lru it saves [\d.]+ MiB and costs VM hog 11 % of run time in waiting\.$/,
    );
    expect(front).toMatch(
      /^2 of 6 cases are beaten: another holds no more memory and waits no longer\. Not beaten: host\.memory=256MiB swap\.policy=lru; /,
    );
  });

  test("is one sentence per case where one parameter varies, or cases have names", () => {
    const varied = handWritten([
      { name: "host.memory=2MiB", saved: 0, ms: 10, value: "2MiB" },
      { name: "host.memory=1MiB", saved: 256, ms: 51, value: "1MiB" },
      { name: "host.memory=3MiB", saved: -25, ms: 4, value: "3MiB" },
    ]);
    expect(comparisonSentences(varied).slice(0, 2)).toEqual([
      "Half the host (1MiB instead of 2MiB) saves 1 MiB and costs VM web 4.1 % of run time in waiting.",
      "A host of 3MiB instead of 2MiB takes 100 KiB more and spares VM web 0.6 % of run time in waiting.",
    ]);
    const named = handWritten([
      { name: "now", saved: 0, ms: 0 },
      { name: "no balloon", saved: 0, ms: 0, value: "1MiB" },
    ]);
    expect(comparisonSentences(named)).toEqual(["no balloon holds as much memory and makes no VM wait longer."]);
  });

  test("says what more than 100 % of run time means, where a VM waits as much", () => {
    const ofMs = (ms: number) =>
      comparisonSentences(
        handWritten([
          { name: "host.memory=2MiB", saved: 0, ms: 10, value: "2MiB" },
          { name: "host.memory=1MiB", saved: 256, ms, value: "1MiB" },
        ]),
      );
    expect(ofMs(1_260)).toEqual([
      expect.stringContaining("costs VM web 125 % of run time in waiting."),
      "A VM that waits for more than its run time would have fallen behind: on the open clock the times of its trace stand, whatever it waits.",
    ]);
    expect(ofMs(1_000)).toHaveLength(1);
  });

  test("says what translation costs where it was counted in one way", () => {
    const run = handWritten(
      [
        { name: "translation.modes=nested", saved: 0, ms: 0, value: "nested", cycles: 1000 },
        { name: "translation.modes=shadow", saved: 0, ms: 0, value: "shadow", cycles: 1250 },
      ],
      "translation.modes",
    );
    expect(comparisonSentences(run)).toEqual([
      "translation.modes shadow instead of nested holds as much memory, makes no VM wait longer and costs VM web 25 % of its translation cycles.",
    ]);
  });

  test("names cases without figures, and is bounded", () => {
    const run = compared(["db"]);
    const cases = rowsOf(pickTable(run.tables, casesTable) ?? tableOf(casesTable, []));
    const failed = tableOf(
      casesTable,
      cases.map((row, i) => (i === 5 ? { ...row, failed: "no memory" } : row)),
    );
    const withFailed = { ...run, tables: run.tables.map((table) => (table.spec.name === "cases" ? failed : table)) };
    expect(comparisonSentences(withFailed).at(-1)).toBe("host.memory=128MiB swap.policy=lru has no figures: no memory.");
    expect(comparisonIn(withFailed)?.cases).toHaveLength(5);
    const many = handWritten(Array.from({ length: 40 }, (_, i) => ({ name: `case ${i}`, saved: i, ms: i, value: `${i}` })));
    expect(comparisonSentences(many)).toHaveLength(14);
    expect(comparisonSentences(many)[12]).toBe("27 more cases are in the table.");
  });

  test("is nothing in a run that compares nothing", () => {
    expect(comparisonSentences(exampleRun())).toEqual([]);
    expect([compared(), exampleRun({ isCompared: true }), exampleRun()].map(isOnlyOfCases)).toEqual([true, false, false]);
  });
});

describe("the page of a comparison", () => {
  const page = renderPage(compared());

  test("opens with the answer, has the cases as a table and no ledger", () => {
    expect(page).toContain("<h1>What 5 alternatives save and cost</h1>");
    expect(page).toContain("Half the host");
    expect(page).toContain('aria-label="All cases"');
    expect(page).toContain("beaten by host.memory=192MiB swap.policy=lru");
    for (const absent of ['id="ledger"', 'class="picker"', "No instant was explained", "Every resident page is in exactly one class"])
      expect(page).not.toContain(absent);
  });

  test("has the charts of comparisons alone", () => {
    expect([...page.matchAll(/<h2 id="chart-([a-z-]+)">/g)].map(([, name]) => name)).toEqual([
      "case-front",
      "case-differences",
      "case-map",
    ]);
  });
});

test("values with a name are told as commands take them, lists by their parts, others as they are", () => {
  const told = ['{"name":"wsclock","window":"60s"}', '{"name":"lru"}', '["native",{"name":"agile","interval":"100ms"}]', '{"rate":2048}'];
  expect(told.map(valueText)).toEqual(["wsclock:window=60s", "lru", "native, agile:interval=100ms", '{"rate":2048}']);
  expect(["lru", "{not ours", "[1"].map(valueText)).toEqual(["lru", "{not ours", "[1"]);
});

test("values of an axis that would read alike are numbered", () => {
  const [short, long] = [
    ["lru", "arc"],
    ["a-long-value-and-one", "a-long-value-and-two"],
  ];
  expect(short.map(valueLabels(short, 8))).toEqual(["lru", "arc"]);
  expect(long.map(valueLabels(long, 8))).toEqual(["1: a-long-…", "2: a-long-…"]);
});

test("labels are values where these tell cases apart and make their names", () => {
  const given = [
    { case: "seed=1", parameter: "seed", value: "1" },
    { case: "seed=2", parameter: "seed", value: "2" },
  ];
  expect(["seed=1", "seed=2"].map(caseLabels(["seed=1", "seed=2"], given))).toEqual(["1", "2"]);
  expect(["seed=1", "other"].map(caseLabels(["seed=1", "other"], given))).toEqual(["seed=1", "other"]);
});
