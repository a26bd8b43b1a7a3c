import type { SlowPage, SlowVm } from "./slow-machine.ts";

/** docs/host.md, Balloon: the guest's two lists, oldest first, and what its swap had no room for. */
export interface SlowLists {
  inactive: SlowPage[];
  active: SlowPage[];
  aside: SlowPage[];
}

/** The guest touches a page. */
export function guestTouches(page: SlowPage): void {
  const { inactive, active, aside } = page.vm.lists;
  page.guestBit = true;
  if ([...inactive, ...active, ...aside].includes(page)) return;
  page.wasReferenced = false;
  inactive.push(page);
}

/** The page is on no list from now on. */
export function leaveLists(page: SlowPage): void {
  const { lists } = page.vm;
  const others = (pages: readonly SlowPage[]): SlowPage[] => pages.filter((each) => each !== page);
  lists.inactive = others(lists.inactive);
  lists.active = others(lists.active);
  lists.aside = others(lists.aside);
}

/** The page that the guest gives up next: one that it uses and can page out. */
export function nextByLists(
  { lists }: SlowVm,
  isInUse: (page: SlowPage) => boolean,
  canPageOut: (page: SlowPage) => boolean,
  hasSwap: boolean,
): SlowPage | undefined {
  if (hasSwap) {
    lists.inactive.push(...lists.aside);
    lists.aside = [];
  }
  for (;;) {
    while (isInactiveLow(lists)) deactivateOne(lists);
    const page = lists.inactive.shift();
    if (page === undefined) return undefined;
    if (!isInUse(page)) continue;
    if (!canPageOut(page)) {
      lists.aside.push(page);
      continue;
    }
    const { guestBit, wasReferenced } = page;
    page.guestBit = false;
    page.wasReferenced = guestBit;
    if (!guestBit) return page;
    if (wasReferenced) lists.active.push(page);
    else lists.inactive.push(page);
  }
}

/** Whether there are more active pages to an inactive one than wanted: the root of ten times the GB of both lists, one where that is less. */
function isInactiveLow({ inactive, active }: SlowLists): boolean {
  const gb = Math.floor(((inactive.length + active.length) * 4096) / 2 ** 30);
  let ratio = 1;
  while ((ratio + 1) ** 2 <= 10 * gb) ratio++;
  return inactive.length * ratio < active.length;
}

function deactivateOne({ inactive, active }: SlowLists): void {
  const page = active.shift();
  if (page === undefined) return;
  page.guestBit = false;
  inactive.push(page);
}
