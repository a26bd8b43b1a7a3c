import { closeSync, openSync, writeSync } from "node:fs";
import { openTrace } from "@tidemark/data";

/** What `bench/nested.c` reads: VPN and PPN of every row of a trace of one VM, as u32 in this machine's byte order. */
export async function writeFlat(folder: string, path: string): Promise<void> {
  const trace = openTrace(folder);
  const [{ vpn }] = await trace.pages();
  const file = openSync(path, "w");
  for await (const { length, page, ppn } of trace.accesses()) {
    const flat = new Uint32Array(2 * length);
    for (let i = 0; i < length; i++) {
      flat[2 * i] = vpn[page[i]];
      flat[2 * i + 1] = ppn[i];
    }
    writeSync(file, flat);
  }
  closeSync(file);
}
