// `npm run bundle -- [folder]`: makes each function's deployed source, a folder with the function in one file and its archive.
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveOf } from './archive.ts';
import { bundleFunction } from './source.ts';

const FUNCTIONS = fileURLToPath(new URL('../functions/', import.meta.url));

const folder = resolve(process.argv[2] ?? 'dist/functions');
for (const name of readdirSync(FUNCTIONS).sort()) {
  const source = join(folder, name);
  const { sizeBytes } = await bundleFunction(name, source);
  writeFileSync(`${source}.zip`, archiveOf(source));
  process.stdout.write(`${name}: ${(sizeBytes / 1e6).toFixed(1)} MB in ${source}\n`);
}
