// Heavy clients are loaded when they are first used: most calls of a function end without them, and they are most of a cold start.

const loads: (() => Promise<unknown>)[] = [];

/** What `load` imports, imported on the first call. Said where a file begins, so that `loadAll` knows of it. */
export function lazily<Module>(load: () => Promise<Module>): () => Promise<Module> {
  const loadOnce = once(load);
  loads.push(loadOnce);
  return loadOnce;
}

/** What `make` makes on the first call, and again and again. */
export function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Loads every one of them, for a build that fills a compile cache. */
export const loadAll = (): Promise<unknown> => Promise.all(loads.map((load) => load()));
