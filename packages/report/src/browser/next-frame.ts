/** Work that is done once per frame however often it is asked for, and never twice at a time. */
export function atNextFrame(work: () => Promise<void>): () => void {
  let isAsked = false;
  let isBusy = false;
  const run = async (): Promise<void> => {
    try {
      while (isAsked) {
        isAsked = false;
        await work();
      }
    } finally {
      isBusy = false; // what went wrong once may go well for the next that asks
    }
  };
  return () => {
    isAsked = true;
    if (!isBusy) {
      isBusy = true;
      requestAnimationFrame(() => void run());
    }
  };
}
