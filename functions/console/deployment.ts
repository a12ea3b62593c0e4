// What the infra program deploys, as data. Here the program says so when it is asked; a bundle has its answer in place of this file, as it was when the bundle was made.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Described } from '../../shared/functions/described.ts';

const PROGRAM = fileURLToPath(new URL('../../infra/describe.ts', import.meta.url));
const MOST_BYTES = 4 * 1024 * 1024;

const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { maxBuffer: MOST_BYTES });

export const deployment = JSON.parse(stdout) as Described;
