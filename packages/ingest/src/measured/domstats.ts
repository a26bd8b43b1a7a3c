import { PAGE_BYTES } from "@tidemark/data/shapes";
import type { MeasuredFormat } from "../measured-format.ts";
import { HOST, NAMELESS, quoted, type MeasuredSamples } from "../measured-samples.ts";
import { stampLine } from "../sample-blocks.ts";
import { textLines } from "../text-lines.ts";

const KB = 1024 / PAGE_BYTES;
const DOMAIN = /^Domain: '(.*)'$/;
const FIELD = /^([a-z][\w.-]*)=(.*)$/;

/** One domain at one time: its `balloon.…`, without that prefix. */
interface DomainRecord {
  readonly line: number;
  readonly vm: string;
  /** ms; NaN where no line before it says when. */
  readonly timeMs: number;
  readonly balloon: Map<string, { readonly line: number; readonly text: string }>;
}

/**
 * `virsh domstats --balloon` over and over: all domains of a host, each a line with its name and a line per field. What is swapped in and out is the
 * guest's own doing, so it is not compared with the host's.
 */
export const domstats: MeasuredFormat = {
  name: "domstats",
  about: "virsh domstats --balloon of KVM guests, over and over; times from a line before each (date +%s, date -Is) or from last-update",
  source: "libvirt, virsh domstats; virConnectGetAllDomainStats, VIR_DOMAIN_STATS_BALLOON",
  endsLines: true,
  sniff: (head) => /(^|\n)\s*Domain: '/.test(head) && /(^|\n)\s*balloon\.(current|maximum|last-update)=\d/.test(head),
  async read(bytes, samples) {
    const [silent, answering] = [new Set<string>(), new Set<string>()];
    const put = (each: DomainRecord): void => {
      (isSilent(each) ? silent : answering).add(each.vm);
      putRecord(each, samples);
    };
    let timeMs = NaN;
    let record: DomainRecord | undefined;
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        const trimmed = text.trim();
        if (trimmed === "") continue;
        const vm = DOMAIN.exec(trimmed)?.[1];
        const field = FIELD.exec(trimmed);
        if (field !== null) {
          const [, name = "", value = ""] = field;
          if (name.startsWith("balloon.")) record?.balloon.set(name.slice("balloon.".length), { line, text: value });
          continue;
        }
        if (record !== undefined) put(record);
        if (vm === undefined) timeMs = stampLine(samples, line, trimmed);
        record = vm === undefined ? undefined : { line, vm: vm === HOST ? NAMELESS : vm, timeMs, balloon: new Map() };
      }
    }
    if (record !== undefined) put(record);
    const never = [...silent].filter((vm) => !answering.has(vm));
    if (never.length > 0) samples.note(`${silentWords(never)}; start that with: virsh dommemstat DOMAIN --period 1 --live`);
  },
};

/** The guest's balloon driver has told nothing of the guest's memory: libvirt has not been told to ask it, or it has not come up yet. */
const isSilent = ({ balloon }: DomainRecord): boolean => balloon.get("last-update")?.text === "0" && !balloon.has("available");

const NAMED_MAX = 3;

function silentWords(vms: readonly string[]): string {
  const named = vms.slice(0, NAMED_MAX).map(quoted).join(", ");
  const more = vms.length > NAMED_MAX ? ` and ${vms.length - NAMED_MAX} more` : "";
  return `the balloon ${vms.length === 1 ? "driver" : "drivers"} of ${named}${more} ${vms.length === 1 ? "reports" : "report"} no statistics (balloon.last-update=0)`;
}

/** Of a domain that is off only its sizes are known; one that has no time is left out. */
function putRecord({ line, vm, timeMs, balloon }: DomainRecord, samples: MeasuredSamples): void {
  const stamp = balloon.get("last-update");
  const ms = Number.isNaN(timeMs) && stamp !== undefined && stamp.text !== "0" ? samples.timeOf(stamp.line, stamp.text) : timeMs;
  if (Number.isNaN(ms)) {
    samples.note("samples without a time are left out; write one before each: date +%s; virsh domstats --balloon");
    return;
  }
  const pagesOf = (name: string): number => {
    const field = balloon.get(name);
    return field === undefined ? NaN : samples.pagesOf(field.line, field.text, KB);
  };
  const maximum = pagesOf("maximum");
  const inBalloon = maximum - pagesOf("current");
  if (inBalloon < 0) samples.refuse(line, "has more current than maximum memory");
  const used = pagesOf("available") - pagesOf("unused");
  if (used < 0) samples.refuse(line, "has more unused than available memory");
  samples.put(line, vm, ms, "configured", maximum);
  samples.put(line, vm, ms, "vmmemctl", inBalloon);
  samples.put(line, vm, ms, "consumed", pagesOf("rss"));
  samples.put(line, vm, ms, "guestUsed", used);
}
