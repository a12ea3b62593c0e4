// What the tests of Cloud Run Jobs run as a container: a program that does what MODE says.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../../../local/run/jobs.ts';

const PROGRAM = `
import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
const { MODE, FOLDER, CLOUD_RUN_TASK_ATTEMPT: attempt, FAILURES } = process.env;
const stay = () => setInterval(() => {}, 1000);
console.log('attempt ' + attempt + ' of ' + MODE);
if (MODE === 'env') writeFileSync(FOLDER + '/env.json', JSON.stringify({ env: process.env, args: process.argv.slice(2) }));
if (MODE === 'flaky' && Number(attempt) < Number(FAILURES)) process.exit(3);
if (MODE === 'family' || MODE === 'stubborn') {
  if (MODE === 'stubborn') process.on('SIGTERM', () => appendFileSync(FOLDER + '/signals.txt', 'SIGTERM '));
  const grandchild = spawn('sleep', ['300'], { stdio: 'inherit' });
  const runaway = spawn('sleep', ['300'], { stdio: 'ignore', detached: true });
  writeFileSync(FOLDER + '/pids-' + attempt + '.json', JSON.stringify([process.pid, grandchild.pid, runaway.pid]));
  stay();
}
`;

/** Writes the program into `folder`; the image is called `sample`. */
export async function imagesIn(folder: string): Promise<(image: string) => Image | undefined> {
  await writeFile(join(folder, 'task.mjs'), PROGRAM);
  const command = [process.execPath, join(folder, 'task.mjs')];
  return (image) =>
    image === 'sample' ? { command, cwd: folder, variables: ['RUN_ID', 'MODE', 'FAILURES'] } : undefined;
}

/** False as well for a process that has ended and only waits to be counted. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(stat);
}
