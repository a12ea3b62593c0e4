// `npm run bundle -- [folder]`: makes each function's deployed source, a folder with the function in one file and its archive.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadFunctions } from '../shared/functions/registry.ts';
import { archiveOf } from './archive.ts';
import { bundleFunction } from './source.ts';
import { tarOf } from './tar.ts';

if (process.argv[2]?.startsWith('-') === true) {
  process.stderr.write('Expected a folder, or nothing for dist/functions: npm run bundle -- [folder]\n');
  process.exit(2);
}
const folder = resolve(process.argv[2] ?? 'dist/functions');
for (const { name, runsAs } of loadFunctions().values()) {
  const source = join(folder, name);
  const { sizeBytes } = await bundleFunction(name, source);
  if (runsAs === 'service') writeFileSync(`${source}.tar.gz`, tarOf(source));
  else writeFileSync(`${source}.zip`, archiveOf(source));
  process.stdout.write(`${name}: ${(sizeBytes / 1e6).toFixed(1)} MB in ${source}\n`);
}
