import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { powercli } from "./powercli.ts";

const HEADER = '"Value","Timestamp","MetricId","Unit","Description","Entity","EntityId","IntervalSecs","Instance"\n';
const row = (value: string, stamp: string, metric: string, instance = ""): string =>
  `"${value}","${stamp}","${metric}","KB","of memory, in KB","drupal","VirtualMachine-vm-90","20","${instance}"\n`;

// Newest first, counter by counter, as Get-Stat gives them.
const EXAMPLE =
  `#TYPE VMware.VimAutomation.ViCore.Impl.V1.Stat.FloatStatImpl\n${HEADER}` +
  row("4096", "18-09-2015 10:45:00", "mem.consumed.average") +
  row("4000", "18-09-2015 10:44:40", "mem.consumed.average") +
  row("4000", "18-09-2015 10:44:20", "mem.consumed.average") +
  row("400", "18-09-2015 10:44:20", "mem.active.average") +
  row("283", "18-09-2015 10:44:20", "disk.numberwrite.summation", "naa.600601600f213300defe98a3a052e311") +
  row("9", "18-09-2015 10:44:20", "mem.active.maximum");

measuredLaws(powercli, EXAMPLE);

test("rows of any order become samples, oldest first; roll-ups that are other figures stay out", async () => {
  const file = await measuredIn(EXAMPLE);
  expect(dumpOf(file)).toEqual(["0s drupal consumed=1000 activeReported=100", "20s drupal consumed=1000", "40s drupal consumed=1024"]);
  expect(file.series[0]?.timesMs[0]).toBe(Date.UTC(2015, 8, 18, 10, 44, 20));
  expect(file.notes).toEqual(["times carry no time zone and are taken as UTC (--measured-zone)"]);
});

test("stamps of other locales: AM and PM, points, a zone that is given; one that can be read two ways is refused", async () => {
  const at = async (stamp: string, reading = {}) =>
    new Date((await measuredIn(HEADER + row("4", stamp, "mem.active.average"), reading)).series[0]?.timesMs[0] ?? NaN).toISOString();
  expect(await at("9/18/2015 10:44:20 PM")).toBe("2015-09-18T22:44:20.000Z");
  expect(await at("18.09.2015 22:44:20", { zoneMinutes: 120 })).toBe("2015-09-18T20:44:20.000Z");
  expect(await at("5/6/2017 10:44:20", { dates: "dmy" })).toBe("2017-06-05T10:44:20.000Z");
  expect(await refusalOf(HEADER + row("4", "5/6/2017 10:44:20", "mem.active.average"))).toBe(
    'web.txt:2: time "5/6/2017 10:44:20" can be read two ways; pass --measured-dates dmy or mdy',
  );
  expect(await refusalOf(HEADER + row("4", "31-02-2017 10:44:20", "mem.active.average"))).toMatch(/has no such day in the calendar$/);
});

test("numbers of other locales, with semicolons between columns; one that can be read two ways is refused", async () => {
  const value = async (text: string, reading = {}) =>
    dumpOf(
      await measuredIn(
        HEADER.replaceAll(",", ";") + row(text, "18-09-2015 10:44:20", "mem.active.average").replaceAll('","', '";"'),
        reading,
      ),
    );
  expect(await value("402,5")).toEqual(["0s drupal activeReported=100.625"]);
  expect(await value("4.000,0")).toEqual(["0s drupal activeReported=1000"]);
  expect(await value("1,200", { decimal: "point" })).toEqual(["0s drupal activeReported=300"]);
  await expect(value("1,200")).rejects.toThrow('web.txt:2: "1,200" can be read two ways; pass --measured-decimal comma or point');
});

test("an entity that is a host by its EntityId is the host", async () => {
  const ofHost = row("4000", "18-09-2015 10:44:20", "mem.consumed.average")
    .replace("drupal", "esx1.example")
    .replace("VirtualMachine-vm-90", "HostSystem-host-9");
  const { series } = await measuredIn(EXAMPLE + ofHost);
  expect(series.map(({ vm }) => vm)).toEqual(["", "drupal"]);
});
