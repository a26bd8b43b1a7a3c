import { expect, test } from "vitest";
import { facts } from "./page-method.ts";
import { exampleRun } from "./testing.ts";

test("the span says whose clock it is on", () => {
  const run = exampleRun({ samples: 4, isScarce: true });
  const of = (clock: string) => facts({ ...run, manifest: { ...run.manifest, scenario: { ...run.manifest.scenario, clock } } }).html;
  expect(of("open")).toContain("on the trace&#39;s own clock");
  expect(of("dilated")).toContain("on the host&#39;s clock; what a VM waits delays all that it does later");
});
