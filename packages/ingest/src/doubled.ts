/** A copy with room for as much again. */
export function doubled<T extends Int32Array | Uint32Array | Float64Array>(from: T, type: new (length: number) => T): T {
  const to = new type(from.length * 2);
  to.set(from);
  return to;
}
