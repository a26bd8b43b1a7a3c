import type { TraceManifest } from "@tidemark/data";
import { expect, onTestFinished, test } from "vitest";
import { needsPreflight, preflight } from "./preflight.ts";

/** What is said on stderr meanwhile. */
function said(run: () => void): string {
  const write = process.stderr.write;
  onTestFinished(() => void (process.stderr.write = write));
  let text = "";
  process.stderr.write = (part) => {
    text += String(part);
    return true;
  };
  run();
  process.stderr.write = write;
  return text;
}

const vm = { rows: 2_600_000, guestPhysicalPages: 1_000, configuredBytes: 2 ** 30, highestPpn: 9 };
const traceOf = (...vms: readonly Partial<typeof vm>[]): TraceManifest => ({ vms: vms.map((each) => ({ ...vm, ...each })) }) as never; // all that is read of one

test("a long replay says how long and how large, on a host of finite memory and without", () => {
  const traces = [traceOf({}), traceOf({ configuredBytes: null as never })];
  expect(said(() => preflight(traces, false))).toBe("replaying 5,200,000 rows of 2 VMs, 262,154 pages: about 2 s and 161 MB\n");
  expect(said(() => preflight(traces, true))).toBe("replaying 5,200,000 rows of 2 VMs, 262,154 pages: about 4 s and 161 MB\n");
});

test("cases count, in as many rounds as there are for the threads, each with memory of its own", () => {
  expect(said(() => preflight([traceOf({})], true, 5, 2))).toBe(
    "replaying 2,600,000 rows of 1 VM, 262,144 pages, 5 times, 2 at a time: about 6 s and 321 MB\n",
  );
});

test("traces that all threads read from one copy in memory are counted once", () => {
  expect(said(() => preflight([traceOf({})], true, 5, 2, 62_400_000))).toMatch(/ about 6 s and 384 MB\n$/);
});

test("what VMs need is counted by rows and by the pages that are accessed", () => {
  expect(said(() => needsPreflight(traceOf({}, {}).vms))).toBe(
    "reading 5,200,000 rows of 2 VMs, 2,000 pages, twice: about 8 s and 172 MB\n",
  );
});

test("a short replay of much memory is announced, too", () => {
  expect(said(() => preflight([traceOf({ configuredBytes: 2 ** 39 })], true))).toMatch(
    /^replaying 2,600,000 rows of 1 VM, .* and 5,519 MB\n$/,
  );
});

test("of what is over before the line is read nothing is said", () => {
  expect(said(() => preflight([traceOf({})], true))).toBe("");
  expect(said(() => needsPreflight(traceOf({}).vms))).toBe("");
});
