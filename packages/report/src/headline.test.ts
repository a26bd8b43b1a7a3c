import { expect, test } from "vitest";
import { explainedInstants } from "./explained.ts";
import { headline } from "./headline.ts";
import { exampleRun } from "./testing.ts";

test("a VM's consumed and touched memory, or that it has none", () => {
  const [instant] = explainedInstants(exampleRun());
  if (instant === undefined) throw new Error("not explained");
  expect(headline(instant)).toBe("Why alloc-4k consumes 219.8 MiB and touched 2.1 MiB");
  expect(headline({ ...instant, isOff: true })).toBe("Why alloc-4k consumes no memory");
  expect(headline({ ...instant, counters: { ...instant.counters, consumed: 0 } })).toBe("Why alloc-4k consumes no memory");
});
