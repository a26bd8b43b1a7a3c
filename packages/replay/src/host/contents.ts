import { NONE, WRITE, type Trace, type TracedContents } from "@tidemark/data/shapes";

/** What a VM's pages hold, as far as anyone knows; arrays by PPN. */
export interface Contents {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** Compressed size, bytes; 0 where the trace does not say. */
  readonly zbytes: Uint16Array;
  /** Whether the hash is what the page holds now. */
  readonly holds: Uint8Array;
  /** Writes to come before the content was taken: with the last of them it holds. */
  readonly writesLeft: Uint32Array;
  /** The content is assumed to hold throughout, whatever is written. */
  readonly isEndState: boolean;
}

/**
 * Contents of one VM of a trace, as they are before its first access. A trace has a content as it was taken, often at the end; it
 * holds from the page's last write before that. To know which write that is, the trace is read once.
 */
export async function contentsOf(
  trace: Trace,
  traced: number,
  taken: TracedContents,
  configuredPages: number,
  isEndState: boolean,
): Promise<Contents | undefined> {
  const takenNs = new Float64Array(configuredPages).fill(-1);
  const contents: Contents = {
    low: new Uint32Array(configuredPages),
    high: new Uint32Array(configuredPages),
    zbytes: new Uint16Array(configuredPages),
    holds: new Uint8Array(configuredPages),
    writesLeft: new Uint32Array(configuredPages),
    isEndState,
  };
  let known = 0;
  for (let i = 0; i < taken.ppn.length; i++) {
    const ppn = taken.ppn[i];
    if (taken.vm[i] !== traced || ppn >= configuredPages || taken.timeNs[i] < takenNs[ppn]) continue;
    takenNs[ppn] = taken.timeNs[i];
    contents.low[ppn] = Number(taken.hash[i] & 0xffff_ffffn);
    contents.high[ppn] = Number(taken.hash[i] >> 32n);
    contents.zbytes[ppn] = taken.zbytes[i] === NONE ? 0 : Math.min(0xffff, taken.zbytes[i]);
    contents.holds[ppn] = 1;
    known++;
  }
  if (known === 0) return undefined;
  if (isEndState) return contents;
  const { holds, writesLeft } = contents;
  for await (const { length, vm, kind, ppn, timeNs } of trace.accesses()) {
    for (let i = 0; i < length; i++) {
      const p = ppn[i];
      if (vm[i] !== traced || kind[i] !== WRITE || p >= configuredPages || timeNs[i] > takenNs[p]) continue;
      writesLeft[p]++;
      holds[p] = 0;
    }
  }
  return contents;
}
