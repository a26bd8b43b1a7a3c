import { PAGE_BYTES } from "@tidemark/data/shapes";
import type { MeasuredFormat } from "../measured-format.ts";
import { sampleBlocks } from "../sample-blocks.ts";

const KB = 1024 / PAGE_BYTES;

/** `/proc/meminfo` over and over, each time after a line with the time. */
export const meminfoSamples: MeasuredFormat = {
  name: "meminfo-samples",
  about: "samples of a guest's /proc/meminfo, each after a line with the time: date +%s, date -Is, or tsc NANOSECONDS",
  source: "Linux Documentation/filesystems/proc.rst, meminfo",
  endsLines: true,
  sniff: (head) => /^\uFEFF?\s*[^\n]*\n(?:[^\n]*\n)?MemTotal:\s+\d/.test(head),
  async read(bytes, samples) {
    for await (const { line, timeMs, counters } of sampleBlocks(bytes, samples, undefined)) {
      const [total, free] = ["MemTotal", "MemFree"].map((name) => {
        const counter = counters.get(name);
        return counter === undefined ? NaN : samples.pagesOf(counter.line, counter.text, KB);
      });
      if (total < free) samples.refuse(line, "has more MemFree than MemTotal");
      samples.put(line, samples.vm, timeMs, "guestUsed", total - free);
    }
  },
};
