import { InputError } from "@tidemark/data";

const BUFFER_PAGE = 4096;
/** Time and length of a page's data come before it. */
const PAGE_HEAD = 16;
const MISSED_EVENTS = 2 ** 31;
const LENGTH_MASK = 0xf_ffff;
const [PADDING, TIME_EXTEND, TIME_STAMP] = [29, 30, 31];
const ALLOC = "mm_page_alloc";
const FREE = "mm_page_free";

/** The guest kernel's own record of its page allocations. */
export interface KernelAllocations {
  /** `time_ns,event,gpfn,order,pid,gfp,migratetype`. */
  readonly csv: string;
  readonly allocs: number;
  readonly frees: number;
}

/**
 * Reads what `trace_pipe_raw` of Linux's ring buffer gave for kmem:mm_page_alloc and kmem:mm_page_free; `formats` are their `format`
 * files, by name. The layout is that of kernel/trace/ring_buffer.c and `events/header_event`, Linux 5.10 to 6.12, x86-64: each page begins
 * with a time and the length of its data; an event's first word has its length, in words, and the time since the one before.
 * InputError where events were lost or the buffer is another.
 */
export function readRingBuffer(raw: Buffer, formats: ReadonlyMap<string, string>, name: string): KernelAllocations {
  const kinds = new Map([...formats].map(([event, format]) => [Number(/^ID: (\d+)/m.exec(format)?.[1]), event]));
  const lines = ["time_ns,event,gpfn,order,pid,gfp,migratetype"];
  let allocs = 0;
  let frees = 0;
  for (let page = 0; page + BUFFER_PAGE <= raw.length; page += BUFFER_PAGE) {
    let time = Number(raw.readBigUInt64LE(page));
    const committed = raw.readUInt32LE(page + 8);
    if (committed >= MISSED_EVENTS) throw new InputError(`${name}: the guest's kernel lost events; give it a larger trace buffer`);
    const end = page + PAGE_HEAD + (committed & LENGTH_MASK);
    if (end > page + BUFFER_PAGE) throw new InputError(`${name}: page ${page / BUFFER_PAGE} is no page of a ring buffer`);
    for (let at = page + PAGE_HEAD; at + 4 <= end;) {
      const word = raw.readUInt32LE(at);
      const kind = word & 31;
      const since = word >>> 5;
      const next = kind < PADDING && kind > 0 ? 0 : raw.readUInt32LE(at + 4);
      if (kind === PADDING) {
        if (since === 0) break;
        time += since;
        at += 4 + next;
      } else if (kind === TIME_EXTEND) {
        time += next * 2 ** 27 + since;
        at += 8;
      } else if (kind === TIME_STAMP) {
        time = next * 2 ** 27 + since;
        at += 8;
      } else {
        time += since;
        const data = kind === 0 ? at + 8 : at + 4;
        at = kind === 0 ? at + 4 + next : data + 4 * kind;
        const event = kinds.get(raw.readUInt16LE(data));
        if (event === undefined) continue;
        const [pid, ppn] = [raw.readInt32LE(data + 4), raw.readBigUInt64LE(data + 8)];
        const order = raw.readUInt32LE(data + 16);
        if (event === ALLOC) {
          const gfp = raw.readBigUInt64LE(data + 24).toString(16);
          lines.push(`${time},alloc,${ppn},${order},${pid},0x${gfp},${raw.readInt32LE(data + 32)}`);
          allocs++;
        } else if (event === FREE) {
          lines.push(`${time},free,${ppn},${order},${pid},,`);
          frees++;
        }
      }
    }
  }
  return { csv: `${lines.join("\n")}\n`, allocs, frees };
}
