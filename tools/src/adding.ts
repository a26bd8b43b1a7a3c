const ROUNDS = 400_000_000;

/**
 * Adds numbers in registers and does nothing else, eight sums at a time: about what a core can do at once. How much longer it takes beside
 * another one like it says how far two cores are two. Returns seconds by the clock, and what the sums come to.
 */
export function addNumbers(): { readonly s: number; readonly sum: number } {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  const begun = performance.now();
  for (let i = 0; i < ROUNDS; i++) {
    a = (a + i) | 0;
    b = (b - i) | 0;
    c = (c ^ i) | 0;
    d = d | i | 0;
    e = (e + a) | 0;
    f = (f - b) | 0;
    g = (g ^ c) | 0;
    h = (h + d) | 0;
  }
  return { s: (performance.now() - begun) / 1000, sum: (a + b + c + d + e + f + g + h) | 0 };
}
