import type { MeasuredFormat } from "./measured-format.ts";
import { counterTable } from "./measured/counter-table.ts";
import { dommemstat } from "./measured/dommemstat.ts";
import { domstats } from "./measured/domstats.ts";
import { esxtop } from "./measured/esxtop.ts";
import { govcText } from "./measured/govc-text.ts";
import { measuredArrow } from "./measured/measured-arrow.ts";
import { measuredCsv } from "./measured/measured-csv.ts";
import { meminfoSamples } from "./measured/meminfo-samples.ts";
import { powercli } from "./measured/powercli.ts";
import { vcenterJson } from "./measured/vcenter-json.ts";

/** Every format of measured counters, in the order in which a file is held against them. To add one: a file in measured/, and its line here. */
export const measuredFormats: readonly MeasuredFormat[] = [
  esxtop,
  powercli,
  vcenterJson,
  govcText,
  dommemstat,
  domstats,
  meminfoSamples,
  measuredArrow,
  measuredCsv,
  counterTable,
];
