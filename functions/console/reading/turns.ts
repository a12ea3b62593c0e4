// Work that takes much memory: one at a time, in the order in which it was asked for.

export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** What fails fails for its own caller, and the next one begins. */
export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
