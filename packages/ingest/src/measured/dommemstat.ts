import { PAGE_BYTES } from "@tidemark/data/shapes";
import type { MeasuredFormat } from "../measured-format.ts";
import { sampleBlocks, type SampleBlock } from "../sample-blocks.ts";
import type { MeasuredSamples } from "../measured-samples.ts";

const KB = 1024 / PAGE_BYTES;

/**
 * `virsh dommemstat DOMAIN` over and over; the time of a sample stands in a line before it, or is its `last_update`. What is swapped in and out is the
 * guest's own doing, so it is not compared with the host's.
 */
export const dommemstat: MeasuredFormat = {
  name: "dommemstat",
  about: "virsh dommemstat of a KVM guest, over and over; times from a line before each (date +%s, date -Is) or from last_update",
  source: "libvirt, virsh dommemstat; virDomainMemoryStats",
  endsLines: true,
  sniff: (head) => /(^|\n)actual \d+\s*\n/.test(head) && /(^|\n)(rss|last_update|unused|available|swap_in) \d/.test(head),
  async read(bytes, samples) {
    for await (const block of sampleBlocks(bytes, samples, "last_update")) putSample(block, samples);
  },
};

function putSample({ line, timeMs, counters }: SampleBlock, samples: MeasuredSamples): void {
  const pagesOf = (name: string): number => {
    const counter = counters.get(name);
    return counter === undefined ? NaN : samples.pagesOf(counter.line, counter.text, KB);
  };
  samples.put(line, samples.vm, timeMs, "configured", pagesOf("actual"));
  samples.put(line, samples.vm, timeMs, "consumed", pagesOf("rss"));
  const used = pagesOf("available") - pagesOf("unused");
  if (used < 0) samples.refuse(line, "has more unused than available memory");
  samples.put(line, samples.vm, timeMs, "guestUsed", used);
}
