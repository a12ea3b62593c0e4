// Loads large clients when they are first used: most calls of a function need none, and loading them is most of a cold start.

const loads: (() => Promise<unknown>)[] = [];

/** What `load` imports, imported on the first call. To be called at the top of a file, so that `loadAll` includes it. */
export function lazily<Module>(load: () => Promise<Module>): () => Promise<Module> {
  const loadOnce = once(load);
  loads.push(loadOnce);
  return loadOnce;
}

/** Calls `make` once, and returns its result on every call. */
export function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Loads all of them, for a build that fills a compile cache. */
export const loadAll = (): Promise<unknown> => Promise.all(loads.map((load) => load()));
