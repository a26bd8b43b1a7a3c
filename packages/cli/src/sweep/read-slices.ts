import { join } from "node:path";
import { InputError, readSweep, SWEEP_FILE, type Sweep } from "@tidemark/data";
import { casesOfSlice, isOpen, isSweepFolder } from "./sweep-folder.ts";

/** A slice of a comparison, in its folder. */
export interface SliceFolder {
  readonly folder: string;
  readonly sweep: Sweep;
}

function sweepOf(folder: string): Sweep {
  if (isSweepFolder(folder)) return readSweep(join(folder, SWEEP_FILE));
  throw new InputError(`${folder}: has no ${SWEEP_FILE}, so it is no slice; tidemark compare --shard I/N -o ${folder} writes one`);
}

/** The slices of one comparison: each once, all of them, and all finished. InputError says which is not. */
export function readSlices(folders: readonly string[]): readonly SliceFolder[] {
  const slices = folders.map((folder) => ({ folder, sweep: sweepOf(folder) }));
  const [first] = slices;
  if (first === undefined) return [];
  const whatOf = ({ slice, ...rest }: Sweep): string => JSON.stringify({ ...rest, of: slice.of });
  const stranger = slices.find(({ sweep }) => whatOf(sweep) !== whatOf(first.sweep));
  if (stranger !== undefined)
    throw new InputError(
      `${stranger.folder}: is a slice of another comparison than ${first.folder} (other cases, traces, number of slices or version of tidemark)`,
    );
  const { of } = first.sweep.slice;
  const indexes = slices.map(({ sweep }) => sweep.slice.index);
  const twice = slices.find(({ sweep }, i) => indexes.indexOf(sweep.slice.index) < i);
  if (twice !== undefined) throw new InputError(`${twice.folder}: slice ${twice.sweep.slice.index}/${of} is named twice`);
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !indexes.includes(index));
  if (missing.length > 0)
    throw new InputError(
      `${missing.length === 1 ? "slice" : "slices"} ${missing.map((index) => `${index}/${of}`).join(", ")} ${missing.length === 1 ? "is" : "are"} missing; name the folders, or write them with tidemark compare --shard`,
    );
  for (const { folder, sweep } of slices) {
    const open = casesOfSlice(sweep.cases, sweep.slice).filter((each) => isOpen(folder, each));
    if (open.length > 0)
      throw new InputError(
        `${folder}: slice ${sweep.slice.index}/${of} has not finished ${open.map(({ name }) => name).join("; ")}; run it again, it goes on`,
      );
  }
  return slices;
}
