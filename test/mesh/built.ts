// The functions as they are deployed: bundled, and built the way Google's buildpack for Node.js builds them.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleFunction } from '../../build/source.ts';

const FUNCTIONS = fileURLToPath(new URL('../../functions/', import.meta.url));

/** Builds every function in a folder of its name. The folder must lie where no other `node_modules` is above it. */
export async function buildFunctions(folder: string): Promise<readonly string[]> {
  const names = readdirSync(FUNCTIONS).sort();
  for (const name of names) await buildFunction(name, join(folder, name));
  return names;
}

/** Builds one function in that folder. */
export async function buildFunction(name: string, source: string): Promise<void> {
  await bundleFunction(name, source);
  await npm(source, 'install', '--offline', '--no-audit', '--no-fund');
  await npm(source, 'run', 'gcp-build');
}

const npm = (cwd: string, ...args: readonly string[]) => promisify(execFile)('npm', args, { cwd });
