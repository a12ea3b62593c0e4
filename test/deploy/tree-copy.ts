// A copy of the tree with files added and nothing else touched, in which the real program and its tests run.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PlannedResource } from '../../infra/plan.ts';
import { LONGEST_PROCESS_MS } from '../waiting.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LEFT_OUT = new Set(['node_modules', '.git', '.sluice', 'dist']);
const MOST_OUTPUT = 64 * 1024 * 1024;

export interface TreeCopy {
  readonly folder: string;
  /** Runs Node in the copy; rejects where it does not end with 0. */
  readonly node: (
    ...args: readonly string[]
  ) => Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Runs these tests of the copy, by their paths below `test/`, in one process; rejects where one fails. */
  readonly test: (...names: readonly string[]) => Promise<unknown>;
  /** What the copy's program plans. */
  readonly plan: (config: Readonly<Record<string, string>>) => Promise<readonly PlannedResource[]>;
}

/** `files`: texts by their paths in the tree. Its maker removes the folder. */
export function copyTree(name: string, files: Readonly<Record<string, string>>): TreeCopy {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const node: TreeCopy['node'] = (...args) =>
    promisify(execFile)(process.execPath, args, {
      cwd: folder,
      maxBuffer: MOST_OUTPUT,
      timeout: LONGEST_PROCESS_MS,
      // No other variable: a test within a test would wait for the outer one's channel. The cache names files by
      // their places from it, so one copy finds there what another has compiled.
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: join(folder, 'node_modules/.cache/compile-of-copies'),
        NODE_COMPILE_CACHE_PORTABLE: '1',
        MESH_DELIVERIES: process.env.MESH_DELIVERIES,
      },
    });
  return {
    folder,
    node,
    test: (...names) => node('--input-type=module', '--eval', testing(names)),
    async plan(config) {
      const { stdout } = await node('--input-type=module', '--eval', planning(config));
      return JSON.parse(stdout) as readonly PlannedResource[];
    },
  };
}

const testing = (names: readonly string[]): string => `
const { together } = await import('./test/together.ts');
await together(...${JSON.stringify(names.map((name) => `test/${name}.test.ts`))});
`;

const planning = (config: Readonly<Record<string, string>>): string => `
const { planResources } = await import('./infra/plan.ts');
const functionUrl = (name) => 'https://' + name + '.example';
const plan = await planResources({ config: ${JSON.stringify(config)}, functionUrl });
process.stdout.write(JSON.stringify(plan.map(({ type, name, inputs }) => ({ type, name, inputs }))));
`;
