// The wire keeps no reference to dead instances: ten thousand seeds pass through one thread.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VirtualClock } from '../../local/clock.ts';
import { Decisions } from './decisions.ts';
import { Wire, type Instance } from './wire.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** An instance that is killed while its call is under way: that call never returns. */
async function died(): Promise<WeakRef<Instance>> {
  const clock = new VirtualClock();
  const decisions = new Decisions(1, new Set(), () => clock.now());
  decisions.weather = 0;
  const wire = new Wire(clock, decisions, () => undefined);
  const instance = wire.instance('start-run #1', 0);
  let answered = false;
  void wire
    .call({ instance, what: 'runs.read', effect: () => 'text', retried: true })
    .then(() => (answered = true));
  wire.kill(instance, 'killed');
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(answered, false);
  return new WeakRef(instance);
}

test('an instance that died during a call is let go', async () => {
  const instance = await died();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  assert.equal(instance.deref(), undefined);
});
