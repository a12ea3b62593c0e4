// The calls that docs/COST.md reckons with are those that the mesh makes: of a tick and of a sweep with nothing to do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readMeasured, type Calls, type Work } from '../../bench/cost/measured.ts';
import { watch, type Watched } from '../../bench/cost/watch.ts';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import { good } from './folders.ts';
import { openGround, type MeshGround } from './ground.ts';

const measured = readMeasured();
const FUNCTIONS = Object.keys(measured.startCpuSeconds);

let ground: MeshGround;
before(async () => {
  // The measurement was of messages that come once.
  ground = await openGround({ countsMessages: true });
  ground.put(good());
  assert.equal((await ground.tick()).outcome, 'published');
});
after(() => ground.close());

async function callersOf({ cloud }: MeshGround): Promise<Map<number, string>> {
  const ports = FUNCTIONS.map(async (name): Promise<[number, string]> => {
    const env = await cloud.envOf(`sluice-${name}@${LOCAL_PROJECT}.iam.gserviceaccount.com`);
    return [Number(new URL(env.GOOGLE_API_ENDPOINT ?? '').port), name];
  });
  return new Map(await Promise.all(ports));
}

async function seenDuring(schedule: 'tick-carmila' | 'sweep'): Promise<Watched> {
  const stop = watch(await callersOf(ground));
  assert.equal(await ground.fire(schedule), 200);
  return stop();
}

const callsOf = ({ functions }: Pick<Work, 'functions'>): Record<string, Calls> =>
  Object.fromEntries(Object.entries(functions).map(([name, { calls }]) => [name, calls]));

const AGAIN = 'npm run cost -- --measure counts again';

test('a tick without a change makes the calls that were measured', async () => {
  assert.deepEqual(callsOf(await seenDuring('tick-carmila')), callsOf(measured.tick), AGAIN);
});

test('a sweep without work makes the calls that were measured', async () => {
  assert.deepEqual(callsOf(await seenDuring('sweep')), callsOf(measured.sweep), AGAIN);
});
