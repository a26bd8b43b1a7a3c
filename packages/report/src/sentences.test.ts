import type { Run } from "@tidemark/data";
import { expect, test } from "vitest";
import { sentences } from "./sentences.ts";
import { exampleRun } from "./testing.ts";

test("the answer names consumed, active, the parts of the gap from the largest, and the estimator's error", () => {
  expect(sentences(exampleRun({ translated: [] })).slice(0, 1)).toEqual([
    "At 7 s alloc-4k consumes 219.8 MiB of host memory and has touched 2.1 MiB of it (0.9 %) in the last 1 s. " +
      "Of the gap of 217.8 MiB, 129.2 MiB (59 % of consumed) was freed by the guest but is still backed by the host, 58.9 MiB (27 % of consumed) last touched 5–30 s ago, " +
      "25.3 MiB (11 % of consumed) not touched for 30 s or more and 4.4 MiB (2 % of consumed) last touched 1–5 s ago. " +
      "The trace ends there, too soon to say whether the idle memory is used again. " +
      "Seen from 5.993 s: of 88.6 MiB idle then, 22.1 MiB (25 %) was touched again in the rest of the trace. " +
      "The estimator would report 2.2 MiB as active, 104 KiB (26 pages) more than the truth.",
  ]);
});

test("with enough trace left it says how much idle memory is touched again", () => {
  expect(sentences(exampleRun({ instants: ["4s"] }))[0]).toMatch(
    /Of the [\d.]+ MiB idle, [\d.]+ MiB \(25 %\) is touched again in the remaining 3 s of the trace\./,
  );
});

test("before its first period the estimator reports nothing", () => {
  expect(sentences(exampleRun({ instants: ["0.5s"] }))[0]).toContain("has not finished its first period");
});

test("one answer per VM and instant, none without instants; then what the estimators missed, VM by VM", () => {
  const beginnings = (run: Run): readonly string[] => sentences(run).map((text) => text.split(" ", 4).join(" "));
  const estimated = ["Active memory as reported", "a, over the run:", "b, over the run:"];
  const explained = ["At 2.5 s a", "At 7 s a", "At 2.5 s b", "At 7 s b"];
  expect(beginnings(exampleRun({ vms: ["a", "b"], instants: ["2.5s", "7s"], translated: [] }))).toEqual([...explained, ...estimated]);
  expect(beginnings(exampleRun({ vms: ["a", "b"], instants: [], translated: [] }))).toEqual(estimated);
});

test("what translation costs comes after the ledger", () => {
  const [ledger, , , translation] = sentences(exampleRun());
  expect(ledger).toMatch(/^At 7 s alloc-4k consumes/);
  expect(translation).toMatch(/^On skylake with 4k\/4k pages/);
});

test("with page sharing the parts of the gap have no shares of consumed, which they may exceed", () => {
  const text = sentences(exampleRun({ isScarce: true, translated: [] }))[0] ?? "";
  expect(text).toMatch(/Of [\d.]+ MiB that it holds besides, [\d.]+ MiB was freed by the guest but is still backed by the host, /);
  expect(text).not.toContain("of consumed");
});
