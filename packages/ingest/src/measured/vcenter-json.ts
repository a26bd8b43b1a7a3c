import type { MeasuredFormat } from "../measured-format.ts";
import { quoted, type MeasuredSamples } from "../measured-samples.ts";
import { wholeText } from "../whole-text.ts";
import { isUsage, USAGE_UNIT, vsphereCounter, vsphereName } from "../vsphere-counters.ts";

/** `govc metric.sample -json`, and answers of QueryPerf written as JSON, as numbers or as CSV inside. Old govc begins its keys with a capital. */
export const vcenterJson: MeasuredFormat = {
  name: "vcenter-json",
  about: "govc metric.sample -json, or the answer of QueryPerf (PerfEntityMetric, PerfEntityMetricCSV) as JSON",
  source: "vmware/govmomi cli/metric/sample.go; vSphere Web Services API, PerfEntityMetricCSV",
  sniff: (head) => /^\uFEFF?\s*[[{]/.test(head) && /"sampleInfo(CSV)?"/i.test(head),
  async read(bytes, samples) {
    const text = await wholeText(bytes, samples.name, "ask for fewer samples or VMs at a time");
    let answer: unknown;
    try {
      answer = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch {
      samples.refuse(1, "is not whole JSON; is the file cut short?");
    }
    for (const metric of entries(answer, samples)) readEntity(metric, samples);
  },
};

/** An object's value by its key in small letters: govc has changed their case. */
function at(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name.toLowerCase() === key)?.[1];
}

function entries(answer: unknown, samples: MeasuredSamples): readonly unknown[] {
  const list = Array.isArray(answer) ? answer : (at(answer, "sample") ?? at(answer, "returnval") ?? [answer]);
  if (!Array.isArray(list)) samples.refuse(1, "has no list of samples");
  return list;
}

function readEntity(metric: unknown, samples: MeasuredSamples): void {
  const entity = at(metric, "entity");
  const vm = entityName(entity);
  const times = instants(metric, samples);
  const series = at(metric, "value");
  if (vm === undefined || !Array.isArray(series)) samples.refuse(1, "has an entry without entity or values");
  if ((at(entity, "type") ?? at(entity, "_type")) === "HostSystem") samples.nameHost(vm);
  const ids = series.map((one) => Number(at(at(one, "id"), "counterid")));
  for (const [i, one] of series.entries()) {
    const id = at(one, "id");
    const name = at(one, "name") ?? vsphereName(ids[i] ?? NaN, ids);
    const instance = at(one, "instance") ?? at(id, "instance") ?? "";
    if (typeof name !== "string" || instance !== "") continue;
    const counter = vsphereCounter(name);
    if (counter === undefined && !isUsage(name)) continue;
    const given = at(one, "value");
    const values: readonly unknown[] = typeof given === "string" ? given.split(",") : Array.isArray(given) ? given : [];
    if (values.length !== times.length)
      samples.refuse(1, `${quoted(vm)}: ${name} has ${values.length} values for ${times.length} instants`);
    values.forEach((value, k) => {
      if (typeof value !== "number" && typeof value !== "string")
        samples.refuse(1, `${quoted(vm)}: ${name}: ${quoted(String(value))} is not a number`);
      const pages = samples.pagesOf(1, String(value), counter?.unitPages ?? USAGE_UNIT);
      samples.put(1, vm, times[k] ?? NaN, counter?.counter ?? "usage", pages);
    });
  }
}

/** A managed object's reference, `vm-42`: neither answer has names. */
function entityName(entity: unknown): string | undefined {
  const name = typeof entity === "string" ? entity : (at(entity, "value") ?? at(entity, "val") ?? at(entity, "_value"));
  return typeof name === "string" ? name : undefined;
}

/** `sampleInfo`: one object per instant; `sampleInfoCSV`: interval, instant, interval, instant … */
function instants(metric: unknown, samples: MeasuredSamples): readonly number[] {
  const csv = at(metric, "sampleinfocsv");
  if (typeof csv === "string") {
    return csv
      .split(",")
      .filter((_, i) => i % 2 === 1)
      .map((text) => samples.timeOf(1, text));
  }
  const list = at(metric, "sampleinfo");
  if (!Array.isArray(list)) samples.refuse(1, "has an entry without sampleInfo");
  return list.map((info) => samples.timeOf(1, String(at(info, "timestamp"))));
}
