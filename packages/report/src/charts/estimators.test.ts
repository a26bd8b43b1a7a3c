import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { estimators } from "./estimators.ts";

describe("estimators", () => {
  chartLaws(estimators);

  test("stands each report beside the truth of its sample", () => {
    const rows = rowsOf(estimators.numbers(exampleRun({ samples: 71 })));
    expect(rows).toContainEqual(expect.objectContaining({ time: 7e9, estimator: "abit-scan", reported: 525, active: 525 }));
  });

  test("says on which side of the truth an estimator errs", () => {
    const [panel] = estimators.panels(exampleRun());
    expect(panel?.says).toMatch(
      /^alloc-4k: esx-sampler is off by [\d.]+ [KM]iB on average, [\d.]+ [KM]iB too high in the mean\. abit-scan is off by/,
    );
  });

  test("gives a band only to an estimator that has one", () => {
    const text = JSON.stringify(estimators.spec(exampleRun({ samples: 20 })));
    expect(text).toContain("esx-sampler, with its 95 % confidence band");
    expect(text).not.toContain("abit-scan, with");
  });
});
