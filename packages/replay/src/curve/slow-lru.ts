/** Distance of every access by the letter of Mattson 1970: the place of its page in a list, the most recently used first; 0 for first accesses. */
export function slowDistances(pages: ArrayLike<number>): number[] {
  const stack: number[] = [];
  return Array.from(pages, (page) => {
    const place = stack.indexOf(page);
    if (place >= 0) stack.splice(place, 1);
    stack.unshift(page);
    return place + 1;
  });
}
