import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { counters } from "./counters.ts";

describe("counters", () => {
  chartLaws(counters);

  const words = (meminfo: boolean): string => JSON.stringify(counters.spec(exampleRun({ samples: 10, meminfo })));

  test("shows what the guest says where it says something", () => {
    expect(words(true)).toContain("used, as the guest says");
    expect(words(true)).not.toContain("since tracing began");
  });

  test("else shows allocations, labelled as counted since tracing began", () => {
    expect(words(false)).toContain("allocated in the guest since tracing began");
    expect(words(false)).not.toContain("used, as the guest says");
    expect(counters.caption(exampleRun({ meminfo: false }))).toContain("since tracing began");
  });
});
