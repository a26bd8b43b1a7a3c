import { BATCH_ROWS, NONE } from "@tidemark/data/shapes";
import type { CellColumn } from "./cell-column.ts";
import { rawAccesses, type RawAccesses } from "./raw-batch.ts";

const MASK = 0xfff;

/**
 * Accesses of `size` bytes: one row per page touched. The guest-physical page behind the first page's end is not known
 * from the first one, so the rows added have none, unless the addresses are guest-physical themselves.
 */
export function* spreadOverPages(raw: RawAccesses, size: CellColumn, address: CellColumn | undefined): Iterable<RawAccesses> {
  const isBytes = address?.spec.name === "gva" || address?.spec.name === "gpa";
  const isPhysical = address?.spec.name === "gpa" || address?.spec.name === "ppn";
  const extra = (i: number): number => {
    const bytes = size.missing[i] === 1 ? 1 : Math.max(1, size.lo[i]);
    return ((isBytes && address !== undefined ? address.lo[i] & MASK : 0) + bytes - 1) >>> 12;
  };
  let rows = 0;
  for (let i = 0; i < raw.length; i++) rows += 1 + extra(i);
  if (rows === raw.length) {
    yield raw;
    return;
  }
  const capacity = Math.min(rows, BATCH_ROWS);
  const out = rawAccesses(capacity, raw.origin);
  if (raw.space === undefined) out.space = undefined;
  for (let i = 0; i < raw.length; i++) {
    for (let page = 0, pages = 1 + extra(i); page < pages; page++) {
      if (out.length === capacity) {
        yield out;
        out.length = 0;
      }
      const at = out.length++;
      out.timeNs[at] = raw.timeNs[i];
      out.vm[at] = raw.vm[i];
      out.row[at] = raw.row[i];
      out.vcpu[at] = raw.vcpu[i];
      out.kind[at] = raw.kind[i];
      out.count[at] = raw.count[i];
      if (out.space !== undefined && raw.space !== undefined) out.space[at] = raw.space[i];
      const vpnLo = raw.vpnLo[i] + page;
      out.vpnLo[at] = vpnLo;
      out.vpnHi[at] = raw.vpnHi[i] + (vpnLo > 0xffff_ffff ? 1 : 0);
      out.ppn[at] = page === 0 ? raw.ppn[i] : isPhysical ? raw.ppn[i] + page : NONE;
    }
  }
  yield out;
}
