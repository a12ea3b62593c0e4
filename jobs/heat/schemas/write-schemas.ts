// `node jobs/heat/schemas/write-schemas.ts FOLDER`: writes the JSON schemas into a folder, for editors and other programs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from './schemas.ts';

const [, , folder] = process.argv;
if (folder === undefined) {
  process.stderr.write('Expected a folder: node jobs/heat/schemas/write-schemas.ts FOLDER\n');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const [name, text] of schemaFiles()) writeFileSync(join(folder, name), text);
process.stdout.write(`${[...schemaFiles().keys()].join(', ')} in ${folder}\n`);
