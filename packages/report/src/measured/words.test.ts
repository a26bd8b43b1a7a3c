import { expect, test } from "vitest";
import { exampleRun } from "../testing.ts";
import { measuredSentences } from "./words.ts";

test("says bias, error and correlation of what was counted, and how far a fit is to be trusted", () => {
  expect(measuredSentences(exampleRun({ samples: 10, isMeasured: true }))).toEqual([
    "alloc-4k: simulated consumed is 15.6 MiB below the measured 171.9 MiB in the mean of 5 samples, with an error of 23.4 MiB; they correlate by 100 %.",
    "alloc-4k: simulated active is 7.8 MiB above the measured 70.3 MiB in the mean of 5 samples, with an error of 11.7 MiB; they correlate by 87 %.",
    "alloc-4k: of the sampler's gains slow 0.1 and fast 0.5 fit the measured active memory best (34 periods, the touched share taken as steady at 33.2 %). " +
      "One period ahead the fit errs by 2.2 points of the VM's size, where a single draw of the sample would err by 4.7; " +
      "1.5 points are left that neither the draw nor the averages explain. Slow 0.02–0.4 and fast 0.5 fit nearly as well.",
  ]);
  expect(measuredSentences(exampleRun({ samples: 10 }))).toEqual([]);
});
