import type { Named } from "@tidemark/data/shapes";
import type { ByteWindow } from "./byte-window.ts";
import type { MeasuredSamples } from "./measured-samples.ts";

/** What a tool writes that watches a real host or guest: counters over time. */
export interface MeasuredFormat extends Named {
  /** Where the layout is defined, or which tool writes it. */
  readonly source: string;
  /** The tool ends every line: a last one without an end may have been cut, within a number too, which is noted. */
  readonly endsLines?: boolean;
  /** The first bytes, as text, decide. */
  sniff(head: string): boolean;
  /** Puts every sample into `samples`, in any order. */
  read(bytes: ByteWindow, samples: MeasuredSamples): Promise<void>;
}
