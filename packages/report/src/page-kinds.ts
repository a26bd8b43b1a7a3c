import type { Run } from "@tidemark/data/shapes";
import { comparisonIn } from "./compare/facts.ts";
import { curveFacts } from "./curve/words.ts";
import { vmNeeds } from "./rightsize/facts.ts";

type Term = readonly [term: string, meaning: string];

/** What a kind of figures besides the ledger, the host and translation is made of, for the page's method, and its words for the glossary. */
interface Kind {
  readonly isIn: (run: Run) => boolean;
  readonly method: string;
  readonly terms: readonly Term[];
}

const REFERENCE: Term = ["reference", "A row of the trace: an access, or several to one page that were captured as one."];
const PAGE_IN: Term = ["page-in", "A page that was in memory, was taken, and is read again."];

const KINDS: readonly Kind[] = [
  {
    isIn: (run) => curveFacts(run).length > 0,
    method:
      "The trace's references were played into a memory of each size, under each policy; nothing else happens there: no host, no balloon, no waiting. So misses are counts of this trace, and what they would cost depends on what a miss costs.",
    terms: [
      REFERENCE,
      ["miss", "A reference whose page is not in memory. The first to a page always is one."],
      [
        "knee",
        "The size where the line of misses lies farthest below the straight line from no memory to memory for all pages: beyond it more memory saves little.",
      ],
      ["lru", "The policy that takes the page which was not used for longest."],
      [
        "belady",
        "The policy that takes the page which is needed latest. It knows the future, so no policy that pages on demand misses less.",
      ],
      PAGE_IN,
    ],
  },
  {
    isIn: (run) => vmNeeds(run).length > 0,
    method:
      "Working sets are counts of pages, of every window that lies in the trace. What a size would have cost is what LRU would have read again in a memory of that size, at the assumed time of a page-in.",
    terms: [
      ["working set", "The pages touched in a window of some length, wherever it lies; its mean and its maximum are over time."],
      PAGE_IN,
      ["stall", "Time that the VM would have waited for page-ins: their number, times what one is assumed to take."],
      ["bound", "Page-ins of a policy that knows the future: no policy that pages on demand has fewer."],
    ],
  },
  {
    isIn: (run) => comparisonIn(run) !== undefined,
    method:
      "Each case is a replay of its own, of the same traces, in which only what its name says is changed. Memory is what VMs hold in the mean over all samples. Events are counted, and waiting is what the scenario's costs make of them.",
    terms: [
      ["baseline", "The case that the others are compared with."],
      ["saved", "What the VMs hold less than in the baseline, in the mean over all samples, compression caches included."],
      ["waited", "What the VMs together waited for memory, at the scenario's costs."],
      ["beaten", "Another case holds no more memory and waits no longer, and is better in one of the two."],
    ],
  },
];

/** How such figures come about, a paragraph per kind. */
export const kindMethods = (run: Run): readonly string[] => KINDS.filter(({ isIn }) => isIn(run)).map(({ method }) => method);

/** Their words, each once. */
export const kindTerms = (run: Run): readonly Term[] => [...new Set(KINDS.filter(({ isIn }) => isIn(run)).flatMap(({ terms }) => terms))];
