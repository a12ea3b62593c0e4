// The whole mesh of requested runs on this machine: the rate that it holds, and the invariants afterwards.
import { rmSync } from 'node:fs';
import { copyTree } from '../../test/deploy/tree-copy.ts';
import { REQUEST_SAMPLES } from '../../test/mesh/requests/sample-requests.ts';
import type { Bench } from '../measure.ts';
import type { MeshLoad } from './mesh-process.ts';

const CONCURRENCY = 4;
/** The sample pipeline, with room for one owner who sends most of the requests. */
const PIPELINE = 'pipelines/sleeps.ts';
const WIDE = (REQUEST_SAMPLES[PIPELINE] ?? '')
  .replace('concurrency: 2', `concurrency: ${CONCURRENCY}`)
  .replace('waitingPerOwner: 10,', 'waitingPerOwner: 1000,');

export const requestsMesh: Bench = {
  name: 'requests-mesh',
  about: 'requested runs through the whole local mesh, one owner with 90 % of them, and a kill in the middle',
  longestMinutes: 5,
  async run({ progress }) {
    progress('one owner with 90 %, four others, 5 % repeated; all functions and jobs are killed once');
    const { folder, node } = copyTree('requests-bench', { ...REQUEST_SAMPLES, [PIPELINE]: WIDE });
    try {
      const { stdout } = await node('bench/requests/mesh-process.ts');
      const load = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as MeshLoad;
      const { accepted, seconds, waits, killed } = load;
      return [
        {
          name: 'from the first request to the last outcome, for each run',
          value: seconds / accepted,
          unit: 's',
          note: `${accepted} runs in ${seconds.toFixed(1)} s: ${(accepted / seconds).toFixed(2)} a second, ${CONCURRENCY} at once; ${killed} processes were killed in the middle`,
        },
        { name: 'the longest wait of the owner with 90 %', value: waits.most, unit: 's' },
        {
          name: 'the longest wait of another owner',
          value: waits.others,
          unit: 's',
          note: 'each of four has one request, and waits for its turn alone',
        },
        {
          name: 'violations: accepted, objects, outcomes, audit records, repeated keys, more than may run at once',
          value: load.violations.length,
          unit: 'calls',
          goal: { most: 0, of: 'value' },
          note: load.violations.slice(0, 5).join('; '),
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
