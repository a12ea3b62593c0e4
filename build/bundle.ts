// `npm run bundle -- [folder]`: makes each function's deployed source, one folder each with the function in one file.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunction } from './source.ts';

const FUNCTIONS = fileURLToPath(new URL('../functions/', import.meta.url));

const folder = resolve(process.argv[2] ?? 'dist/functions');
for (const name of readdirSync(FUNCTIONS).sort()) {
  const { sizeBytes } = await bundleFunction(name, join(folder, name));
  process.stdout.write(`${name}: ${(sizeBytes / 1e6).toFixed(1)} MB in ${join(folder, name)}\n`);
}
