import { NO_PAGE, policy } from "../policy.ts";

/** Uniform choice among the resident pages: no guest's own replacement can be at odds with it. */
export const random = policy({
  name: "random",
  about: "gives up a resident page chosen uniformly, as ESX does when it swaps",
  source: "Waldspurger 2002 §3.3",
  params: {},
  sees: "nothing",
  create({ pages, random }) {
    const resident = new Int32Array(pages);
    const placeOf = new Int32Array(pages);
    let count = 0;
    return {
      admitted(page) {
        placeOf[page] = count;
        resident[count++] = page;
      },
      removed(page) {
        const last = resident[--count];
        resident[placeOf[page]] = last;
        placeOf[last] = placeOf[page];
      },
      victim: () => (count === 0 ? NO_PAGE : resident[Math.floor(random() * count)]),
    };
  },
});
