import type { MeasuredFormat } from "../measured-format.ts";
import { headerLine } from "../measured-samples.ts";
import { textLines } from "../text-lines.ts";
import { isUsage, vsphereCounter } from "../vsphere-counters.ts";

/** Name, instance, counter, instants, values and unit, at least two spaces apart. A name may have spaces, two in a row as well. */
const LINE = /^(.+?)\s{2,}(\S+)\s{2,}([a-zA-Z]+\.[\w.]+)\s{2,}(?:(\d{4}-\S+)\s{2,})?([-\d.,]+)\s{2,}(\S.*)$/;
/** Percentages are written as such, where the API gives hundredths. */
const PER_CENT = 1e-2;

/** `govc metric.sample -t`: one line per VM and counter, all instants and all values of it in one cell each. */
export const govcText: MeasuredFormat = {
  name: "govc-text",
  about: "govc metric.sample -t: one line per VM and counter, with its instants and values",
  source: "vmware/govmomi cli/metric/sample.go",
  endsLines: true,
  sniff: (head) => LINE.test(headerLine(head.slice(0, 1 << 16)).trimEnd()),
  async read(bytes, samples) {
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        if (text.trim() === "") continue;
        const found = LINE.exec(text.trimEnd());
        if (found === null) throw samples.refuse(line, "is no line of govc metric.sample (name, instance, counter, times, values, unit)");
        const [, vm = "", instance, name = "", stamps, given = ""] = found;
        const counter = vsphereCounter(name);
        if (instance !== "-" || (counter === undefined && !isUsage(name))) continue;
        if (stamps === undefined) throw samples.refuse(line, "has no times; record with govc metric.sample -t");
        const times = stamps.split(",").filter((_, i) => i % 2 === 0);
        const values = given.split(",");
        if (times.length !== values.length)
          samples.refuse(line, `has ${values.length} values for ${times.length} instants; is it cut short?`);
        if (vm.length === 31 && vm.endsWith("*"))
          samples.note(`names of VMs are cut to 30 letters (govc metric.sample -d 0 writes them whole)`);
        values.forEach((value, i) => {
          const pages = samples.pagesOf(line, value, counter?.unitPages ?? PER_CENT);
          samples.put(line, vm, samples.timeOf(line, times[i] ?? ""), counter?.counter ?? "usage", pages);
        });
      }
    }
  },
};
