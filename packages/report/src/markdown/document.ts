import type { Run } from "@tidemark/data/shapes";
import type { Chart } from "../chart.ts";
import { chartsOf } from "../charts.ts";
import { sentences } from "../sentences.ts";
import { sourceNotes } from "../source-notes.ts";
import { formatDuration } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";
import { answerTables } from "./tables.ts";
import { markdownTable, markdownText } from "./text.ts";

/** Letters of a trace's name or of what was assumed. */
const NOTE_MAX = 300;

/** A run for pasting into a report: answer, tables, figures with their captions, how it was made. `pictureOf` names a chart's picture beside it. */
export function runMarkdown(run: Run, pictureOf: (chart: Chart) => string): string {
  const { traces, windowNs, windowFrom, timeScale, seed, assumed, tool } = run.manifest;
  const limits = [...assumed, ...sourceNotes(run.manifest)];
  const figures = chartsOf(run).map((chart) => {
    const says = chart
      .panels(run)
      .map((panel) => panel.says)
      .join(" ");
    return [`## ${markdownText(chart.title)}`, `![${markdownText(says)}](${pictureOf(chart)})`, markdownText(chart.caption(run))];
  });
  const tables = answerTables(run).flatMap(({ caption, header, rows }) => [`**${markdownText(caption)}**`, markdownTable(header, rows)]);
  const names = traces.map(({ name }) => vmLabel(name, NOTE_MAX)).join(", ");
  const facts = `Traces: ${names}. Window of active memory ${formatDuration(windowNs)} (${windowFrom}), time scale ${timeScale}, seed ${seed}. Made by ${tool}.`;
  const parts = [
    "## The answer",
    ...sentences(run).map(markdownText),
    ...tables,
    ...figures.flat(),
    "## How this was made",
    markdownText(facts),
    ...(limits.length === 0
      ? []
      : ["Synthesised, assumed or left out:", limits.map((line) => `- ${markdownText(vmLabel(line, NOTE_MAX))}`).join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}
