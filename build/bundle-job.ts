// `node build/bundle-job.ts NAME FOLDER`: makes the source of a job's image; its Dockerfile calls this.
import { resolve } from 'node:path';
import { bundleJob } from './job.ts';

const [name, folder] = process.argv.slice(2);
if (name === undefined || folder === undefined) {
  process.stderr.write('Expected the name of a job and a folder: node build/bundle-job.ts NAME FOLDER\n');
  process.exit(2);
}
const programs = await bundleJob(name, resolve(folder));
process.stdout.write(`${name}: ${programs.join(', ')} in ${resolve(folder)}\n`);
