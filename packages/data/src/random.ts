/** A generator of numbers in [0, 1), whole multiples of 2^−32: all chance in a replay comes from one of these, made from (seed, vm, purpose). */
export type Random = () => number;

/** sfc32 seeded by an FNV-1a hash of the seed and what it is for. Equal arguments, equal sequence. */
export function seededRandom(seed: number, vm: string, purpose: string): Random {
  let hash = 2166136261;
  const text = `${seed}\0${vm}\0${purpose}`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return sfc32(hash, 0x9e3779b9, seed);
}

/** sfc32 (Doty-Humphrey, PractRand) from its state of three words of 32 bits. */
export function sfc32(a: number, b: number, c: number): Random {
  [a, b, c] = [a | 0, b | 0, c | 0];
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next(); // the first outputs still show the seed
  return next;
}
