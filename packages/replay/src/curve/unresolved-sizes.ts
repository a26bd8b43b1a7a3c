import { formatPages, RESOLVED_PAGES, resolvedFrom, type curveBoundTable, type curveFactsTable, type Row } from "@tidemark/data/shapes";

type Facts = Row<typeof curveFactsTable.columns>;
type Sized = Pick<Row<typeof curveBoundTable.columns>, "pages">;

/** Which sizes a VM's sample does not resolve, where figures of such sizes are told; `vm` empty: all VMs on one host. None or one statement. */
export function unresolvedStatement(
  vm: string,
  facts: readonly Facts[],
  points: readonly Sized[],
  bound: readonly Sized[],
): readonly string[] {
  const [{ distinct, sampled }] = facts;
  const from = resolvedFrom(distinct, sampled);
  // At memory for all, misses are known; that there is no smaller one that does is not.
  const isGuessed =
    points.some(({ pages }) => pages < Math.min(from, distinct)) ||
    bound.some(({ pages }) => pages < from) ||
    facts.some(({ knee, enough }) => knee < from || enough < from);
  if (!isGuessed) return [];
  const owner = vm === "" ? "all VMs on one host" : vm;
  const followed = `${owner}: ${sampled} of ${distinct} pages ${sampled === 1 ? "was" : "were"} followed`;
  return [
    from > distinct
      ? `${followed}, and fewer than ${RESOLVED_PAGES} resolve no memory size: all misses but those of memory for all pages are guesses; sample more`
      : `${followed}, and fewer than ${RESOLVED_PAGES} of them resolve no memory size: misses in less than ${formatPages(from)} (${from} pages) are guesses; sample more, or ask for larger sizes`,
  ];
}
