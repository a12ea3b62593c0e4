// The runbook's sections on models: their commands, taken from the page, in the situation that each describes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { followUntilIdle, LONGEST_MS } from '../../../cli/idle.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { Runbook } from '../runbook.ts';
import { DAYS, exportOf, FILE, record, timeAt } from './counters.ts';
import { startBikes, versionIn, type BikesMesh, type Service } from './start-bikes.ts';

/** On duty, with the rights that the program gives an operator and no others. */
const OPERATOR = 'night@example.org';
const QUESTION = { records: [record('counter 1', timeAt(DAYS + 10, 8))] };

/** A table may break a cell into lines. */
const asLine = (printed: string): string => printed.replaceAll(/[\s│]+/g, ' ');

describe('the runbook', xgboostHere, () => {
  let mesh: BikesMesh;
  const runbook = new Runbook('bikes', () => ({ data: mesh.data, operator: OPERATOR }));
  before(async () => {
    mesh = await startBikes({ 'sluice:operators': `user:${OPERATOR}` });
    await trainedOn(DAYS);
    await trainedOn(DAYS + 7);
  });
  after(() => mesh.close());

  async function trainedOn(days: number): Promise<void> {
    await mesh.put(FILE, exportOf(days));
    const { outcome, reason } = await mesh.tick();
    assert.equal(outcome, 'published', reason);
  }

  /** The version that the service answers with after it has looked at the pointer. */
  async function served(service: Service): Promise<string> {
    await mesh.ask(service, 'POST /refresh_model');
    const answer = await mesh.ask(service, 'POST /predict', { body: QUESTION });
    assert.equal(answer.status, 200);
    return versionIn(answer);
  }

  test('A model is bad: it is seen why it serves, rolled back alone, kept and let go again', async () => {
    const [bad, other] = [await mesh.pointer('reg'), await mesh.pointer('class')];
    const { type } = runbook.section('A model is bad', { run: bad.run });
    const looked = asLine(await type(3));
    assert.match(looked, new RegExp(`reg: the champion is of run ${bad.run}`));
    assert.match(looked, /The candidate for reg is the champion: it is the recipe of/);

    const back = asLine(await type(2));
    assert.match(back, /Versions of reg that were current[^]*a rollback[^]*a training[^]*a training/);
    const now = await mesh.pointer('reg');
    assert.deepEqual([now.run < bad.run, now.pinned], [true, true]);
    assert.equal(await served('reg'), now.publication);
    assert.equal(await served('class'), other.publication);

    assert.match(asLine(await type(3)), /unpin[^]*pin[^]*rollback[^]*bikes-/);
    for (const service of ['reg', 'class'] as const)
      assert.equal((await mesh.pointer(service)).pinned, false);
    assert.equal(await served('reg'), now.publication);
  });

  test('Training again: a run by force publishes its candidates', async () => {
    const before = await mesh.pointer('reg');
    const { type } = runbook.section('Training again');
    const printed = await type(1);
    const forced = /\d{6}-[0-9a-f]{8}/.exec(printed)?.[0] ?? '';
    await followUntilIdle(mesh, Date.now() + LONGEST_MS);
    assert.equal((await readOutcome(mesh.runs, 'bikes', forced))?.outcome, 'published');
    assert.match(await type(1), new RegExp(`${forced}[^]*published`));
    assert.equal((await mesh.pointer('reg')).run, forced);
    assert.notEqual(await served('reg'), before.publication);
  });

  test('A service answers with an old version: the damaged file is found, and the version before serves', async () => {
    const good = await served('reg');
    await trainedOn(DAYS + 14);
    const { publication, files } = await mesh.pointer('reg');
    const { object, generation } = files.find(({ name }) => name === 'reg.json')!;
    await mesh.exports.remove(object, generation);
    await mesh.exports.create(object, toJson({ format: 1 }), 'application/json');
    assert.equal(await served('reg'), good);
    const health = await mesh.ask('reg', 'GET /health');
    assert.partialDeepStrictEqual(health.body, { status: 'degraded', failure: { version: publication } });
    assert.match(JSON.stringify(health.body['failure']), new RegExp(object));

    const { type } = runbook.section('A service answers with an old version');
    assert.match(await type(1), new RegExp(publication));
    assert.match(await type(1, 1), new RegExp(`${object}[^]*${generation}`));
    await type(1);
    const back = await mesh.pointer('reg');
    assert.equal(await served('reg'), back.publication);
    assert.equal((await mesh.ask('reg', 'GET /health')).body['status'], 'ok');
  });

  test('every section that has commands for bikes was lived through', () => {
    runbook.assertAllTried();
  });
});
