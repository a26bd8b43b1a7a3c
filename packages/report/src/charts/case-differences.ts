import { caseParametersTable, casesTable, differencesTable, formatPages, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { caseLabels } from "../compare/case-labels.ts";
import { savedExactly, savedWords } from "../compare/saved-words.ts";
import type { Layer, X, Y } from "../layers.ts";
import { formatPageCount, formatShare } from "../memory-unit.ts";
import { PLAIN_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { formatSpan } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { case: name, vm, span, saved, stall, stallMore, swapinMore } = differencesTable.columns;
const columns = { case: name, vm, span, saved, stall, stallMore, swapinMore } as const satisfies Columns;

const ROW = 24;
/** Bars drawn at most; of more the ones that differ most. */
const BARS_MAX = 40;
/** Right of the longest bar for what is saved, px. */
const LABEL = 120;

type Difference = Row<typeof differencesTable.columns>;

/** Letters of a row's label beside ` · `, and of a VM's name in it. */
const LABEL_MAX = 31,
  VM_MAX = 14;

/** What every VM waits beyond the baseline, case by case. */
export const caseDifferences = chart({
  name: "case-differences",
  about: "what every VM waits and saves in every alternative, against itself in the baseline",
  title: "Whom does each alternative cost what?",
  per: "run",
  tables: [casesTable, caseParametersTable, differencesTable],
  columns,
  draw(panel) {
    const bars = drawn(panel);
    if (bars.length === 0) return undefined;
    const label = caseLabels([...new Set(panel.rows(casesTable).map((each) => each.case))], panel.rows(caseParametersTable));
    const isOneVm = new Set(bars.map((each) => each.vm)).size === 1;
    const values = bars.map((each, i) => ({
      // The row's number, `:` and its label: labels that are cut may be alike.
      row: `${i}:${isOneVm ? label(each.case) : labelOf(label(each.case), each.vm)}`,
      order: i,
      more: percent(each),
      end: Math.max(0, percent(each)),
      words: savedWords(each.saved),
      tip: [
        `${label(each.case)}, ${vmLabel(each.vm)}`,
        savedExactly(each.saved),
        `waits ${formatSpan(each.stall)}, ${each.stallMore === 0 ? "as long as" : `${formatSpan(Math.abs(each.stallMore))} ${each.stallMore < 0 ? "less" : "more"} than`} in the baseline`,
        `${formatPageCount(Math.abs(each.swapinMore))} ${each.swapinMore < 0 ? "fewer" : "more"} swapped in`,
      ].join("\n"),
    }));
    const largest = Math.max(0, ...values.map(({ more }) => more)) || 1;
    const least = Math.min(0, ...values.map(({ more }) => more));
    const y: Y = {
      field: "row",
      type: "nominal",
      scale: { domain: values.map(({ row }) => row) },
      axis: {
        title: null,
        labelExpr: "replace(datum.value, /^[0-9]+:/, '')",
        description: `cases: ${values.map(({ row }) => row.replace(/^\d+:/, "")).join(", ")}`,
        labelLimit: { expr: "width < 460 ? 200 : 320" },
        labelColor: { expr: "ink" },
        grid: false,
      },
    };
    const scale = {
      domainMin: least,
      domainMax: { expr: `${least} + ${largest - least} * width / max(width / 3, 1, width - ${LABEL})` },
      nice: false,
    };
    const axis = { title: "waits more (% of run time)", grid: true };
    const x = (field: string): X => ({ field, type: "quantitative", scale, axis });
    const zero: Layer = {
      data: { name: "zero", values: [{ more: 0 }] },
      mark: { type: "rule", color: { expr: "quiet" }, aria: false },
      encoding: { x: x("more") },
    };
    return {
      height: values.length * ROW,
      layer: [
        {
          data: { name: "differences", values },
          mark: { type: "bar", color: PLAIN_COLOUR, height: { band: 0.6 }, aria: false },
          encoding: { y, x: x("more") },
        },
        zero,
        {
          data: { name: "differences", values },
          mark: { type: "text", align: "left", dx: 6, fontSize: 11, aria: false },
          encoding: { y, x: x("end"), text: { field: "words", type: "nominal" } },
        },
        {
          // Not seen: a whole row has its tooltip, where the bar is too short for a pointer as well.
          data: { name: "differences", values },
          mark: { type: "rect", x: 0, x2: "width", color: { expr: "quiet" }, opacity: 0, aria: false },
          encoding: { y, tooltip: { field: "tip", type: "nominal" } },
        },
      ],
    };
  },
  says(panel) {
    const label = caseLabels([...new Set(panel.rows(casesTable).map((each) => each.case))], panel.rows(caseParametersTable));
    const listed = drawn(panel).map((each) => {
      const more = formatShare(Math.abs(each.stallMore), each.span);
      return `${label(each.case)}: ${vmLabel(each.vm)} waits ${each.stallMore < 0 ? `${more} of run time less` : `${more} of run time more`}, ${each.saved < 0 ? `takes ${formatPages(-each.saved)} more` : `saves ${formatPages(each.saved)}`}`;
    });
    return `${listed.join("; ")}.`;
  },
  caption: () =>
    `Each bar is a VM in a case, compared with the same VM in the baseline: to the right it waits longer; beside the bar stands what memory it holds less, in the mean over all samples. Run time is that of the case. At most ${BARS_MAX} bars are drawn, those that differ most; the numbers have all.`,
  numbers: (panel) =>
    alternatives(panel).map((each): Row<typeof columns> => ({
      case: each.case,
      vm: each.vm,
      span: each.span,
      saved: each.saved,
      stall: each.stall,
      stallMore: each.stallMore,
      swapinMore: each.swapinMore,
    })),
});

/** A case and a VM, of which each is told from others as far as there is room. */
function labelOf(of: string, vm: string): string {
  const name = vmLabel(vm, VM_MAX);
  return `${vmLabel(of, LABEL_MAX - name.length)} · ${name}`;
}

const percent = ({ stallMore: more, span: all }: Difference): number => Math.round((1e5 * more) / all) / 1e3;

/** Every VM in every case but the baseline, where it can be compared. */
function alternatives(panel: Panel): readonly Difference[] {
  const baseline = panel.rows(casesTable).find(({ role }) => role === "baseline");
  if (baseline === undefined) return [];
  return panel.rows(differencesTable).filter((each) => each.case !== baseline.case && !Number.isNaN(each.stallMore));
}

function drawn(panel: Panel): readonly Difference[] {
  const all = alternatives(panel);
  if (all.length <= BARS_MAX) return all;
  const kept = new Set(all.toSorted((a, b) => Math.abs(percent(b)) - Math.abs(percent(a))).slice(0, BARS_MAX));
  return all.filter((each) => kept.has(each));
}
