// Plants a bug: the text of one production file is changed as it is loaded, in this thread alone.
import { registerHooks } from 'node:module';

export interface Bug {
  readonly name: string;
  /** What it takes away, in one sentence. */
  readonly about: string;
  /** From the root of the tree. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly snippet: string;
  readonly instead: string;
  /** The first seed that finds it, from `npm run simulate -- --bugs`. */
  readonly seed: number;
}

/** Must be called before the file is loaded. Gives how often the bug has been planted: it must be once. */
export function plant(bug: Bug): () => number {
  const url = new URL(`../../${bug.file}`, import.meta.url).href;
  let planted = 0;
  registerHooks({
    load(loaded, context, next) {
      const module = next(loaded, context);
      if (loaded !== url) return module;
      const source = Buffer.from(module.source as Uint8Array).toString('utf8');
      const pieces = source.split(bug.snippet);
      if (pieces.length !== 2) {
        throw new Error(
          `the bug ${bug.name} is stale: ${bug.file} holds its snippet ${pieces.length - 1} times; expected once`,
        );
      }
      planted++;
      return { ...module, source: pieces.join(bug.instead) };
    },
  });
  return () => planted;
}
