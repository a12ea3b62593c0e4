// A copy of the tree with a pipeline of each kind, their job and services, and two functions added: one for all tests of a process.
import { rmSync } from 'node:fs';
import { SAMPLE_FUNCTIONS } from './sample-functions.ts';
import { SAMPLES } from './sample-pipelines.ts';
import { copyTree, type TreeCopy } from './tree-copy.ts';

export const extended: TreeCopy = copyTree('extended', { ...SAMPLES, ...SAMPLE_FUNCTIONS });
process.once('exit', () => rmSync(extended.folder, { recursive: true, force: true }));

/** Where the bundles of its functions are, in the copy. */
export const BUNDLES = 'bundles/functions';
let bundling: ReturnType<TreeCopy['node']> | undefined;

/** Bundles the functions of the copy, the first time. */
export const bundled = (): ReturnType<TreeCopy['node']> =>
  (bundling ??= extended.node('build/bundle.ts', BUNDLES));
