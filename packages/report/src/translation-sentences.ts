import { translationCostTable, translationTable, type Run } from "@tidemark/data/shapes";
import { formatFigure, formatShare } from "./memory-unit.ts";
import { modeCosts, modeWalks, type ModeCost } from "./mode-figures.ts";
import { causeWords, isBaseline, isProposal } from "./mode-words.ts";
import { panelsOf, type Panel } from "./panel.ts";
import { choosableModes } from "./turning-points.ts";
import { vmLabel } from "./vm-label.ts";

/** What the translation of one VM costs, with one pair of page sizes on one core. */
export interface TranslationAnswer {
  readonly vm: string;
  /** The cheapest mode, in a sentence. */
  readonly cost: string;
  /** The whole paragraph, which begins with it. */
  readonly text: string;
}

/** What address translation costs: a short paragraph per VM, page sizes and core, from the run's tables alone. */
export const translationAnswers = (run: Run): readonly TranslationAnswer[] =>
  panelsOf(run, "translation").flatMap((panel) => {
    const costs = modeCosts(panel.rows(translationCostTable));
    const choices = choosableModes(costs);
    const [cheapest, ...others] = choices.length === 0 ? costs : choices;
    if (cheapest === undefined) return [];
    const cost = costSentence(panel, cheapest, others.length > 0);
    const rest = [walkSentence(panel, cheapest), othersSentence(costs, cheapest, others)];
    return [{ vm: panel.vm, cost, text: [cost, ...rest].filter((text) => text !== "").join(" ") }];
  });

/** "On skylake with 4k/4k pages (guest/host), nested paging is the cheapest for fork: 0.78 cycles per access (16 % of run time), 90 % of that for …" */
function costSentence({ vm, translated }: Panel, cheapest: ModeCost, isChoice: boolean): string {
  const where = `On ${vmLabel(translated?.core ?? "")} with ${vmLabel(translated?.pages ?? "")} pages (guest/host)`;
  const { mode, perAccess, withAccess } = cheapest;
  const paging = isBaseline(mode) ? "translation without a hypervisor (native)" : `${vmLabel(mode)} paging`;
  const costs = isChoice ? `is the cheapest for ${vmLabel(vm)}:` : `costs ${vmLabel(vm)}`;
  const head = `${where}, ${paging} ${costs} ${formatFigure(perAccess)} cycles per access (${formatShare(perAccess, withAccess)} of run time)`;
  const [largest] = cheapest.causes.toSorted((a, b) => b.perAccess - a.perAccess);
  return largest === undefined
    ? `${head}.`
    : `${head}, ${formatShare(largest.perAccess, perAccess)} of that for ${causeWords(largest.cause)}.`;
}

/** How often the cheapest mode walks, and how far. */
function walkSentence(panel: Panel, { mode }: ModeCost): string {
  const found = modeWalks(panel.rows(translationTable)).find((each) => each.mode === mode);
  if (found === undefined || found.accesses === 0) return "";
  const { walks, accesses, meanReferences } = found;
  if (walks === 0) return "No access misses the TLBs.";
  return `Of 1,000 accesses ${formatFigure((1000 * walks) / accesses)} miss the TLBs, and a page walk takes ${formatFigure(meanReferences)} memory references on average.`;
}

/** "Other modes: …; without a hypervisor: …; research proposals: …", each where there are some. */
function othersSentence(costs: readonly ModeCost[], cheapest: ModeCost, others: readonly ModeCost[]): string {
  const rest = costs.filter((each) => each !== cheapest && !others.includes(each));
  const parts = [
    { words: "other modes", modes: others },
    { words: "without a hypervisor", modes: rest.filter(({ mode }) => isBaseline(mode)) },
    { words: "research proposals", modes: rest.filter(({ mode }) => isProposal(mode)) },
  ].filter(({ modes }) => modes.length > 0);
  const text = parts.map(({ words, modes }) => `${words}: ${listed(modes)}`).join("; ");
  return text === "" ? "" : `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}.`;
}

/** `shadow 1.82 (31 %), native 0.06 (1.6 %)` */
const listed = (costs: readonly ModeCost[]): string =>
  costs
    .map(({ mode, perAccess, withAccess }) => `${vmLabel(mode)} ${formatFigure(perAccess)} (${formatShare(perAccess, withAccess)})`)
    .join(", ");
