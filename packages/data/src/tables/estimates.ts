import { tableSpec } from "../table.ts";

export const estimatesTable = tableSpec({
  name: "estimates",
  about: "active memory as each estimator sees it at every sample, in pages; unknown before its first full period",
  columns: {
    time: { type: "time", unit: "ns", about: "sample instant" },
    vm: { type: "text", unit: "", about: "virtual machine" },
    estimator: { type: "text", unit: "", about: "name of the estimator" },
    reported: { type: "number", unit: "pages", about: "what the estimator reports" },
    slow: { type: "number", unit: "pages", about: "slow moving average, where it has one" },
    fast: { type: "number", unit: "pages", about: "fast moving average, where it has one" },
    next: { type: "number", unit: "pages", about: "fast average with the unfinished period included, where it has one" },
    low: { type: "number", unit: "pages", about: "lower end of the 95 % confidence band, where the estimator samples" },
    high: { type: "number", unit: "pages", about: "upper end of the 95 % confidence band, where the estimator samples" },
  },
});
