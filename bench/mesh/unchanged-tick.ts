// The tick of an hour without a change: what it calls, and what it costs.
import { writeSample } from '../../local/sample/sample.ts';
import { stateObject } from '../../shared/runs/names.ts';
import { medianOf, type Bench } from '../measure.ts';
import { SAMPLE } from '../source-folder.ts';
import { listDrive, readObject } from './bare.ts';
import { callsDuring } from './calls.ts';
import { startMesh } from './start-mesh.ts';

const REPEATS = 15;

export const unchangedTick: Bench = {
  name: 'unchanged-tick',
  about: 'the calls and the time of a second, unchanged tick',
  async run({ folder, progress }) {
    const mesh = await startMesh(folder);
    try {
      await writeSample(mesh.drive, SAMPLE);
      progress('running the mesh once on the sample');
      await mesh.tickTo('published');
      progress('ticking without a change');
      const calls = await callsDuring(() => mesh.fire());
      const [tickMs, bareMs]: [number[], number[]] = [[], []];
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        tickMs.push(await mesh.fire());
        const startMs = performance.now();
        await listDrive(mesh.cloud);
        await readObject(mesh.cloud, mesh.runs.bucket, stateObject(mesh.pipeline.name));
        bareMs.push(performance.now() - startMs);
      }
      await mesh.tickTo('no-change');
      const goal = (most: number) => ({ most, of: 'value' as const });
      return [
        { name: 'Drive calls', value: calls.driveList + calls.driveOther, unit: 'calls', goal: goal(1) },
        { name: 'state reads', value: calls.storage, unit: 'calls', goal: goal(1) },
        { name: 'other calls', value: calls.other, unit: 'calls', goal: goal(0) },
        { name: 'token and metadata calls', value: calls.metadata, unit: 'calls' },
        {
          name: 'from the schedule to the answer',
          value: medianOf(tickMs),
          unit: 'ms',
          floor: { name: 'the same two requests, bare', value: medianOf(bareMs) },
          note: `median of ${REPEATS}, alternated`,
        },
      ];
    } finally {
      await mesh.close();
    }
  },
};
