// A small tree with the scripts that deploy, as they are, and room for stand-ins of what they fetch, what they call and how long they wait.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONGEST_PROCESS_MS } from '../waiting.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
/** The version of Pulumi that the scripts fetch. */
export const VERSION = devDependencies['@pulumi/pulumi'] ?? '';
export const CLI = `.pulumi/sluice-${VERSION}`;

export interface ScriptTree {
  /** The home of the scripts: `tree` is the checkout, `bin` comes first in the path, `served` is what a download gives. */
  readonly folder: string;
  /** Writes a program. */
  program(path: string, text: string): void;
  run(script: string, ...words: readonly string[]): SpawnSyncReturns<string>;
  /** What the stand-ins were called with, in order. */
  called(): readonly string[];
  remove(): void;
}

export function makeScriptTree(): ScriptTree {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-deploy-'));
  const program = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), 0o755);
  };
  for (const name of ['bin', 'served', 'tree/.ci', 'tree/infra', 'tree/dist'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const script of ['deploy', 'images', 'pulumi'])
    program(`tree/.ci/${script}`, readFileSync(join(ROOT, '.ci', script), 'utf8'));
  for (const file of ['.ci/foundation', 'infra/after-update.ts', 'infra/refusals.ts'])
    cpSync(join(ROOT, file), join(folder, 'tree', file));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  writeFileSync(join(folder, 'tree/package.json'), JSON.stringify({ type: 'module', devDependencies }));
  writeFileSync(join(folder, 'tree/dist/forecast.digest'), 'sha256:feed\n');
  return {
    folder,
    program,
    run: (script, ...words) =>
      spawnSync(join(folder, 'tree/.ci', script), words, {
        encoding: 'utf8',
        timeout: LONGEST_PROCESS_MS,
        env: {
          HOME: folder,
          PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
          SERVED: join(folder, 'served'),
        },
      }),
    called() {
      const log = join(folder, 'called');
      return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
