import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { FETCH, READ, WRITE } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { skylake } from "../cores/skylake.ts";
import { zen4 } from "../cores/zen4.ts";
import { modes } from "../modes.ts";
import { slowTranslation } from "./slow-translation.ts";
import { countersOf, event, row, translate, type Setting, type Step } from "./testing.ts";

/** Enough for every kind of exit and event, few enough for the slow model. */
const ROWS = 40_000;
/** The capture's first access. */
const ORIGIN_NS = 2_060_315_666;
const KIND: { readonly [op: string]: number } = { R: READ, W: WRITE, X: FETCH };

const lines = (name: string): string[] =>
  gunzipSync(readFileSync(new URL(`../../../../traces/fork/fork.${name}.csv.gz`, import.meta.url)))
    .toString("latin1")
    .split("\n");

/** The beginning of the captured fork: rows take the space of the last CR3 load, events at equal times stand before them. */
function forkSteps(): Step[] {
  const events = lines("strict4M.events")
    .slice(1)
    .map((line) => line.split(","))
    .flatMap(
      ([time, , , name, value]): { readonly ns: number; readonly is: "switch" | "invlpg" | "fault" | "wp"; readonly space: number }[] => {
        const ns = Number(time) - ORIGIN_NS;
        if (name === "cr3") return [{ ns, is: "switch", space: Number(value) }];
        if (name === "invlpg") return [{ ns, is: "invlpg", space: 0 }];
        return name === "watch" ? [{ ns, is: Number(value) === 0 ? "fault" : "wp", space: 0 }] : [];
      },
    );
  const steps: Step[] = [];
  let space = 0;
  let next = 0;
  for (const line of lines("strict-data").slice(1, ROWS + 1)) {
    const [time, , , gva, gpa, op, count] = line.split(",");
    const ns = Number(time) - ORIGIN_NS;
    for (; events[next].ns <= ns; next++) {
      const { is, space: loaded } = events[next];
      if (is === "switch") space = loaded;
      steps.push(event(is, { ns: events[next].ns, space: loaded }));
    }
    const vpn = Number(BigInt(gva) >> 12n);
    steps.push(row(vpn, Number(gpa) / 4096, { ns, space, kind: KIND[op], count: Number(count) }));
  }
  return steps;
}

describe("the captured fork", () => {
  const steps = forkSteps();
  const captured: Setting = { hasInvlpgs: true, spacesAreRoots: true, configuredPages: 65_536 };
  /** An interval that ends several times within the capture, so that tables also come back from nested. */
  const cold: Setting = { ...captured, cores: [skylake], given: { agile: { interval: 50_000 } } };
  const warm: Setting = {
    ...captured,
    cores: [zen4],
    given: { agile: { start: "nested" } },
    guestPages: "2m",
    hostPages: "4k",
    tagged: false,
    warm: true,
  };

  test.each([
    ["4 KB pages, tagged, cold, on Skylake", skylake, cold],
    ["2 MB on 4 KB pages, untagged, warm, on Zen 4", zen4, warm],
  ])("counts as the slow model does in every mode: %s", (_, core, setting) => {
    for (const mode of modes) {
      const counters = countersOf(translate(steps, { ...setting, modes: [mode] }));
      expect(counters, mode.name).toEqual(slowTranslation(steps, setting, core, mode));
    }
  });

  test("moves what the comparison is about", () => {
    const counters = countersOf(translate(steps, cold));
    const moved = Object.entries(counters).flatMap(([name, value]) => (value > 0 ? [name] : []));
    for (const reason of ["hidden fault", "reflected fault", "page-table write", "cr3 load", "invlpg"])
      expect(moved).toContain(`skylake shadow: exits ${reason}`);
    expect(moved).toContain("skylake nested: exits ept violation");
    expect(moved).toContain("skylake shadow-lazy: hypervisor resyncs");
    expect(moved).toContain("skylake agile: hypervisor subtrees to nested");
    expect(moved).toContain("skylake agile: hypervisor subtrees to shadow");
    expect(moved).toContain("guest: guest page-table writes");
  });
});
