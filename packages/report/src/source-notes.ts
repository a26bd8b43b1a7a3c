import type { RunManifest } from "@tidemark/data/shapes";

/** What was noted when the sources of the traces were read: what was not kept of them, and what they cannot say. */
export const sourceNotes = ({ traces }: RunManifest): readonly string[] => [
  ...new Set(traces.flatMap(({ sources }) => sources.flatMap(({ name, notes = [] }) => notes.map((note) => `${name}: ${note}`)))),
];
