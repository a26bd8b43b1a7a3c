import { accessBatch, type AccessBatch, type GuestBatch, type Trace } from "@tidemark/data/shapes";
import { countBefore, countUpTo } from "./schedule.ts";

/** Who plays a trace's rows. Batches carry host VM numbers; they are reused after the call. */
export interface Player {
  /** Accesses in exact order with the guest events. */
  accesses(batch: AccessBatch, from: number, to: number): void;
  guestEvents(batch: GuestBatch, from: number, to: number): void;
  /** The same accesses again, in long stretches: for observers, who do not care where guest events fall. */
  observed(batch: AccessBatch, from: number, to: number): void;
}

/** A trace being played, up to an instant at a time. */
export interface Feed {
  /** Plays everything up to and including `untilNs`, in (time, vm, source order); at equal times guest events come first. */
  advance(untilNs: number): Promise<void>;
  /** Rows played so far. */
  rows(): number;
  close(): Promise<void>;
}

/** `hostVm[v]` is the number on the host of the trace's VM v, −1 if it takes no part. All times are moved by `offsetNs`. */
export function createFeed(trace: Trace, hostVm: readonly number[], player: Player, offsetNs = 0): Feed {
  const accesses = trace.accesses()[Symbol.asyncIterator]();
  const guests = trace.guestEvents()[Symbol.asyncIterator]();
  const same = offsetNs === 0 && hostVm.every((host, v) => host === v);
  const selected = accessBatch(0);
  let batch: AccessBatch | undefined;
  let guest: GuestBatch | undefined;
  let at = 0;
  let guestAt = 0;
  let rows = 0;
  let begun = false;

  const nextBatch = async (): Promise<void> => {
    const next = await accesses.next();
    batch = next.done === true ? undefined : same ? next.value : selectAccesses(next.value, hostVm, selected);
    if (batch !== undefined) moveTimes(batch, offsetNs);
    at = 0;
  };
  const nextGuest = async (): Promise<void> => {
    const next = await guests.next();
    guest = next.done === true ? undefined : same ? next.value : selectGuestEvents(next.value, hostVm);
    if (guest !== undefined) moveTimes(guest, offsetNs);
    guestAt = 0;
  };

  return {
    rows: () => rows,
    async advance(untilNs) {
      if (!begun) {
        begun = true;
        await nextBatch();
        await nextGuest();
      }
      for (;;) {
        if (batch !== undefined && at === batch.length) {
          await nextBatch();
          continue;
        }
        if (guest !== undefined && guestAt === guest.length) {
          await nextGuest();
          continue;
        }
        const accessEnd = batch === undefined ? 0 : countUpTo(batch.timeNs, untilNs, at, batch.length);
        const stretchFrom = at;
        // Alternate between guest events and the accesses before the next of them, as far as both batches reach.
        for (;;) {
          if (batch !== undefined && at === batch.length) break; // the next batch may begin before the next guest event
          const nextAccessNs = batch === undefined ? Infinity : batch.timeNs[at];
          if (guest !== undefined && guestAt < guest.length) {
            const end = countUpTo(guest.timeNs, Math.min(nextAccessNs, untilNs), guestAt, guest.length);
            if (end > guestAt) player.guestEvents(guest, guestAt, end);
            guestAt = end;
            if (end === guest.length) break;
          }
          if (batch === undefined || at >= accessEnd) break;
          const nextGuestNs = guest === undefined ? Infinity : guest.timeNs[guestAt];
          const end = nextGuestNs > untilNs ? accessEnd : countBefore(batch.timeNs, nextGuestNs, at, accessEnd);
          player.accesses(batch, at, end);
          at = end;
        }
        if (batch !== undefined && at > stretchFrom) {
          player.observed(batch, stretchFrom, at);
          rows += at - stretchFrom;
        }
        const accessesDone = batch === undefined || at < batch.length;
        const guestsDone = guest === undefined || guestAt < guest.length;
        if (accessesDone && guestsDone) return;
      }
    },
    async close() {
      await accesses.return?.();
      await guests.return?.();
    },
  };
}

/** Moves the times of rows [from, to) of a batch, which must be the caller's own. */
export function moveTimes({ timeNs, length }: AccessBatch | GuestBatch, byNs: number, from = 0, to = length): void {
  if (byNs !== 0) for (let i = from; i < to; i++) timeNs[i] += byNs;
}

/** Copies the rows of the VMs that take part, under their host numbers. */
export function selectAccesses(batch: AccessBatch, hostVm: readonly number[], out: AccessBatch): AccessBatch {
  if (out.vm.length < batch.length) Object.assign(out, accessBatch(batch.length));
  out.length = hostVm.length === 1 ? copyAll(batch, hostVm[0], out) : copySome(batch, hostVm, out);
  return out;
}

/** All rows are of the one VM. */
function copyAll({ length, ...batch }: AccessBatch, host: number, out: AccessBatch): number {
  if (host < 0) return 0;
  out.timeNs.set(batch.timeNs.subarray(0, length));
  out.vm.fill(host, 0, length);
  out.vcpu.set(batch.vcpu.subarray(0, length));
  out.kind.set(batch.kind.subarray(0, length));
  out.page.set(batch.page.subarray(0, length));
  out.ppn.set(batch.ppn.subarray(0, length));
  out.count.set(batch.count.subarray(0, length));
  return length;
}

function copySome(batch: AccessBatch, hostVm: readonly number[], out: AccessBatch): number {
  let n = 0;
  for (let i = 0; i < batch.length; i++) {
    const host = hostVm[batch.vm[i]];
    if (host < 0) continue;
    out.timeNs[n] = batch.timeNs[i];
    out.vm[n] = host;
    out.vcpu[n] = batch.vcpu[i];
    out.kind[n] = batch.kind[i];
    out.page[n] = batch.page[i];
    out.ppn[n] = batch.ppn[i];
    out.count[n] = batch.count[i];
    n++;
  }
  return n;
}

/** The same for guest events; they are few, so each column is filtered anew. */
export function selectGuestEvents(batch: GuestBatch, hostVm: readonly number[]): GuestBatch {
  if (hostVm.length === 1)
    return { ...batch, timeNs: batch.timeNs.slice(0, batch.length), vm: new Uint16Array(batch.length).fill(hostVm[0]) };
  const keep: number[] = [];
  for (let i = 0; i < batch.length; i++) if (hostVm[batch.vm[i]] >= 0) keep.push(i);
  const f64 = (column: Float64Array): Float64Array => Float64Array.from(keep, (i) => column[i]);
  const u32 = (column: Uint32Array): Uint32Array => Uint32Array.from(keep, (i) => column[i]);
  const u8 = (column: Uint8Array): Uint8Array => Uint8Array.from(keep, (i) => column[i]);
  return {
    length: keep.length,
    timeNs: f64(batch.timeNs),
    vm: Uint16Array.from(keep, (i) => hostVm[batch.vm[i]]),
    vcpu: u8(batch.vcpu),
    kind: u8(batch.kind),
    space: f64(batch.space),
    vpn: f64(batch.vpn),
    ppn: u32(batch.ppn),
    count: u32(batch.count),
    value: f64(batch.value),
    pid: u32(batch.pid),
    gfp: u32(batch.gfp),
    migratetype: u8(batch.migratetype),
    level: u8(batch.level),
  };
}
