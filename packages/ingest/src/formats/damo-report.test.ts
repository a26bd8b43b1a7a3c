import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { damoReport } from "./damo-report.ts";

const snapshot = (end: string, regions: string): string => `monitoring_start:                0 ns
monitoring_end:      ${end}
monitoring_duration:       104.599 ms
target_id: 18446623438842320000
nr_regions: 2
# start_addr     end_addr        length  nr_accesses   age
${regions}
`;
const REGIONS = "563ebaa00000-563ebaa02000 (   8.000 KiB)           2    -1\n563ebadf3000-563ebb1e6000 (   3.949 MiB)           0    -1\n";

formatLaws(damoReport, `base_time_absolute: 8 m 59.809 s\ndata source: unknown\n\n${snapshot("104.599 ms", REGIONS)}`);

test("times are from the first snapshot's start, in damo's units or plain ns; each record has its own", async () => {
  const { accesses } = await ingestFiles({
    f: [
      "base_time_absolute: 8 m 59.809 s\ndata source: unknown\n",
      snapshot("104.599 ms", REGIONS),
      snapshot("1 m 2.500 s", REGIONS),
      "base_time_absolute: 1,000,000,000,005 ns\n",
      snapshot("7", REGIONS),
      "",
    ].join("\n"),
  });
  expect(accesses.map((row) => row.split(" ")[0])).toEqual(
    [539_809e6 + 104_599e3, 539_809e6 + 62_500e6, 1e12 + 12].flatMap((time) => [String(time), String(time)]),
  );
  expect(accesses[1]).toMatch(/ vm\/0 R f924881975480:563ebaa01 1 ×2$/);
});

test.each([
  [`monitoring_end: soon\n`, 'f:2: "soon" is no time of damo'],
  [REGIONS, "f:2: is a region before the first monitoring_end"],
  ["nonsense\n", "f:2: is no line of damo report access --raw_form"],
])("refuses %j", async (bad, message) => {
  expect(await refusal(`base_time_absolute: 0 ns\n${bad}${snapshot("7", REGIONS)}`)).toBe(message);
});
