import { expect, test } from "vitest";
import { renderPage } from "./page.ts";
import { facts, methods } from "./page-method.ts";
import { exampleRun } from "./testing.ts";

test("the span says what begins and ends it, where there are accesses", () => {
  const { manifest, tables } = exampleRun({ samples: 4 });
  const of = (rows: number) =>
    facts({ manifest: { ...manifest, originNs: 33, vms: manifest.vms.map((vm) => ({ ...vm, rows })) }, tables }).html;
  expect(of(5)).toContain("from the first access, at 33\u00a0ns, to the last, at 7\u00a0s, on the trace");
  expect(of(0)).toContain("<dd>33\u00a0ns to 7\u00a0s, on the trace");
});

test("files of measured counters are listed with what was run, and with the sources", () => {
  const { manifest, tables } = exampleRun({ samples: 4, isMeasured: true });
  const measured = [{ name: "vm<20s>.csv", sha256: "ab".repeat(32), format: "counter-table" }];
  const run = { manifest: { ...manifest, measured }, tables };
  expect(facts(run).html).toMatch(/<dt>Measured beside it<\/dt>\s*<dd>vm&lt;20s&gt;\.csv \(counter-table\)<\/dd>/);
  expect(methods(run).html).toContain(`vm&lt;20s&gt;.csv, sha256 ${"ab".repeat(32)}`);
  expect(facts({ manifest, tables }).html).not.toContain("Measured");
  expect(renderPage(run).replaceAll("\u00a0", " ")).toContain("alloc-4k: simulated consumed is 15.6 MiB below the measured 171.9 MiB");
});

test("the span says whose clock it is on", () => {
  const run = exampleRun({ samples: 4, isScarce: true });
  const of = (clock: string) => facts({ ...run, manifest: { ...run.manifest, scenario: { ...run.manifest.scenario, clock } } }).html;
  expect(of("open")).toContain("on the trace&#39;s own clock");
  expect(of("dilated")).toContain("on the host&#39;s clock; what a VM waits delays all that it does later");
});
