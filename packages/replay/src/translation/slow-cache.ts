/** A set-associative cache as lists of names in order of use, most recent first. */
export interface SlowCache {
  find(name: string, index: number): boolean;
  insert(name: string, index: number): void;
  dropWhere(stale: (name: string) => boolean): void;
}

export function slowCache({ entries, ways }: { readonly entries: number; readonly ways: number }): SlowCache {
  const sets: string[][] = Array.from({ length: entries / ways }, () => []);
  const setOf = (index: number): string[] => sets[index % sets.length];
  return {
    find(name, index) {
      const at = setOf(index).indexOf(name);
      if (at === -1) return false;
      setOf(index).unshift(...setOf(index).splice(at, 1));
      return true;
    },
    insert(name, index) {
      setOf(index).unshift(name);
      setOf(index).splice(ways);
    },
    dropWhere(stale) {
      for (const set of sets) set.splice(0, set.length, ...set.filter((name) => !stale(name)));
    },
  };
}
