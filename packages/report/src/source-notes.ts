import type { RunManifest } from "@tidemark/data/shapes";

/** What was noted when the sources of the traces were read, a line per source: what was not kept of it, and what it cannot say. */
export const sourceNotes = ({ traces }: RunManifest): readonly string[] => [
  ...new Set(
    traces.flatMap(({ sources }) =>
      sources.flatMap(({ name, notes = [] }) =>
        notes.length === 0 ? [] : [`${name.slice(name.lastIndexOf("/") + 1)}: ${notes.join("; ")}`],
      ),
    ),
  ),
];
