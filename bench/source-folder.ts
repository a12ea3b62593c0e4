// The workbooks that the benches work on: the shared real ones where they are, else the sample.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeSample } from '../local/sample/sample.ts';

export const SHARED_DATA = fileURLToPath(new URL('../../shared/data/drive-footfall/', import.meta.url));
/** A sample that is the same on every day. */
export const SAMPLE = { today: '2025-06-20', seed: 1 };

/** Fills `folder`, and gives the name of what it was filled with. */
export async function fillFolder(folder: string): Promise<string> {
  if (existsSync(SHARED_DATA)) {
    for (const name of readdirSync(SHARED_DATA)) cpSync(`${SHARED_DATA}${name}`, `${folder}/${name}`);
    return 'the shared footfall workbooks';
  }
  await writeSample(folder, SAMPLE);
  return 'the sample (the shared workbooks are not on this machine)';
}
