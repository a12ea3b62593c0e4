// A folder of ten thousand files in which one has changed: its tick may cost pages of a thousand, and no more.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSample } from '../../local/sample/sample.ts';
import type { Bench, BenchSetup } from '../measure.ts';
import { savedAgain } from '../saved-again.ts';
import { SAMPLE } from '../source-folder.ts';
import { listDrive } from './bare.ts';
import { callsDuring, type Calls } from './calls.ts';
import { startMesh } from './start-mesh.ts';

const FEW = 1000;
const MANY = 10_000;
const PAGE = 1000;

interface Tick {
  readonly calls: Calls;
  readonly ms: number;
  readonly bareMs: number;
}

export const manyFiles: Bench = {
  name: 'many-files',
  about: `a folder of ${MANY} files with one changed, beside one of ${FEW}`,
  async run(mesh) {
    const few = await tickOf(FEW, mesh);
    const many = await tickOf(MANY, mesh);
    const pages = { most: MANY / PAGE, of: 'value' } as const;
    return [
      {
        name: `list calls, ${FEW} files`,
        value: few.calls.driveList,
        unit: 'calls',
        goal: { ...pages, most: FEW / PAGE },
      },
      { name: `list calls, ${MANY} files`, value: many.calls.driveList, unit: 'calls', goal: pages },
      {
        name: `other calls of the tick, ${MANY} files`,
        value: otherCalls(many),
        unit: 'calls',
        floor: { name: `with ${FEW} files`, value: otherCalls(few) },
        goal: { most: 1, of: 'ratio' },
        note: 'Drive and Cloud Storage; the run that it requests waits meanwhile',
      },
      {
        name: `the tick, ${FEW} files`,
        value: few.ms,
        unit: 'ms',
        floor: { name: 'its pages, bare', value: few.bareMs },
      },
      {
        name: `the tick, ${MANY} files`,
        value: many.ms,
        unit: 'ms',
        floor: { name: 'its pages, bare', value: many.bareMs },
      },
    ];
  },
};

const otherCalls = ({ calls }: Tick): number => calls.driveOther + calls.storage;

async function tickOf(files: number, { folder, progress }: BenchSetup): Promise<Tick> {
  const mesh = await startMesh(join(folder, String(files)));
  try {
    const workbooks = await writeSample(mesh.drive, SAMPLE);
    for (let file = workbooks.length; file < files; file++)
      writeFileSync(join(mesh.drive, `note ${file}.txt`), `${file}`);
    progress(`the first run over ${files} files`);
    await mesh.tickTo('published');
    // The run that a change leads to would mix its calls with the tick's.
    await mesh.cloud.pubsub.stop();
    const transco = join(mesh.drive, 'Transco.xlsx');
    writeFileSync(`${transco}.new`, savedAgain(readFileSync(transco)));
    renameSync(`${transco}.new`, transco);
    progress(`one of ${files} files has changed`);
    let ms = 0;
    const calls = await callsDuring(async () => (ms = await mesh.fire()));
    const startMs = performance.now();
    const listed = await listDrive(mesh.cloud);
    if (listed.length !== files) throw new Error(`Drive listed ${listed.length} of ${files} files`);
    return { calls, ms, bareMs: performance.now() - startMs };
  } finally {
    await mesh.close();
  }
}
