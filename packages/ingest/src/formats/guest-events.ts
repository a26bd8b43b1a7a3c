import { BATCH_ROWS, FAULT, INVLPG, MARK, SWITCH, WP } from "@tidemark/data/shapes";
import { spaceOfCr3 } from "../cr3.ts";
import type { RowKind } from "../format.ts";
import { type RawGuest, unknownGuest } from "../raw-batch.ts";

const WORDS = ["cr3", "invlpg", "watch", "mark", "crx", "hlt", "resume"] as const;
const [CR3, INVLPG_WORD, WATCH, MARK_WORD] = [0, 1, 2, 3];
/** After this marker the capture tool is off the guest's clock. */
const LAST_MARK = 98;

/** What a machine emulator sees a guest do besides accessing memory. */
export const guestEvents: RowKind = {
  name: "guest-events",
  about: "table of guest events: CR3 loads, INVLPG, page faults, markers",
  source: "Tidemark's QEMU capture plugin (tools/capture)",
  columns: [
    { name: "time", value: "time", about: "when", aliases: ["timestamp", "ts"], required: true },
    { name: "vm", value: "word", about: "name of the VM", aliases: ["vm_name", "guest"] },
    { name: "vcpu", value: "number", about: "virtual CPU", aliases: [], max: 255 },
    {
      name: "event",
      value: "word",
      about: WORDS.join(", "),
      aliases: [],
      words: new Map(WORDS.map((word, i) => [word, i])),
      required: true,
    },
    {
      name: "value",
      value: "number",
      about: "CR3; address of invlpg, 0 where the tool does not know it; marker id; of watch: 0 page fault, 1 write-protect fault",
      aliases: [],
      required: true,
    },
  ],
  recognises: (has) => has("event") && has("value"),
  start(column, context) {
    const [time, vm, vcpu, event, value] = this.columns.map((spec) => column(spec.name));
    context.captured("guest events");
    const raw = unknownGuest(BATCH_ROWS);
    const notStored = new Map<string, number>();
    let ended = false;
    const drop = (what: string): void => {
      notStored.set(what, (notStored.get(what) ?? 0) + 1);
    };
    return {
      *take(cells) {
        const { length } = cells;
        raw.length = 0;
        raw.origin = cells;
        for (let i = 0; i < length; i++) {
          const word = event?.code[i] ?? 0;
          const hi = value?.hi[i] ?? 0;
          const lo = value?.lo[i] ?? 0;
          if (ended) drop(`events after marker ${LAST_MARK}, off the guest's clock`);
          else if (word > MARK_WORD) drop(`${WORDS[word]} events`);
          else {
            const at = raw.length;
            if (!describe(raw, at, word, hi, lo)) {
              const what = word === WATCH ? "watch 0 or 1" : "a marker below 2^53";
              context.reject(cells.lineOf(i), cells.textOf(i), `column ${value?.header}: is out of range (expected ${what})`);
              continue;
            }
            raw.timeNs[at] = time?.time[i] ?? 0;
            raw.vm[at] = vm?.code[i] ?? 0;
            raw.vcpu[at] = vcpu === undefined || vcpu.missing[i] === 1 ? 0 : vcpu.lo[i];
            raw.row[at] = i;
            raw.length++;
            ended = word === MARK_WORD && hi === 0 && lo === LAST_MARK;
          }
        }
        yield raw;
      },
      notes: () => [...notStored].map(([what, n]) => `${what}: ${n}, not stored`),
    };
  },
};

/** Fills in kind, space, vpn and value; false where the value makes no sense. */
function describe(raw: RawGuest, at: number, word: number, hi: number, lo: number): boolean {
  raw.space[at] = 0;
  raw.vpn[at] = NaN;
  raw.value[at] = 0;
  switch (word) {
    case CR3:
      raw.kind[at] = SWITCH;
      raw.space[at] = raw.value[at] = spaceOfCr3(hi, lo);
      return true;
    case INVLPG_WORD:
      raw.kind[at] = INVLPG;
      if (hi !== 0 || lo !== 0) raw.vpn[at] = hi * 2 ** 20 + (lo >>> 12);
      return true;
    case WATCH:
      raw.kind[at] = lo === 0 ? FAULT : WP;
      return hi === 0 && lo <= 1;
    default:
      raw.kind[at] = MARK;
      raw.value[at] = hi * 2 ** 32 + lo;
      return hi < 2 ** 21;
  }
}
