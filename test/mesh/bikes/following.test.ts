// The services follow the champion: a newer fit, a pin, and a rollback reach them while they answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readRegister } from '../../../shared/publications/register.ts';
import { until } from '../../waiting.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { lastLine, run } from '../commands.ts';
import { DAYS, exportOf, FILE, record, timeAt } from './counters.ts';
import { startBikes, versionIn, type Answered, type BikesMesh, type Service } from './start-bikes.ts';

const SERVICES = ['reg', 'class'] as const;
const QUESTION = { records: [record('counter 1', timeAt(DAYS + 10, 8))] };
const PAUSE_MS = 20;

interface Asked {
  readonly service: Service;
  readonly answer: Answered;
}

describe('a service', xgboostHere, () => {
  let mesh: BikesMesh;
  /** The publications that were current, oldest first; the first one's run. */
  const versions: string[] = [];
  let firstRun: string;
  before(async () => {
    mesh = await startBikes();
    await trainedOn(DAYS);
    const first = await mesh.pointer('reg');
    versions.push(first.publication);
    firstRun = first.run;
  });
  after(() => mesh.close());

  async function trainedOn(days: number): Promise<void> {
    await mesh.put(FILE, exportOf(days));
    const { outcome, reason } = await mesh.tick();
    assert.equal(outcome, 'published', `${reason}\n${mesh.logLines.slice(-10).join('\n')}`);
  }

  const sluice = (...words: readonly string[]) => run('sluice', '--data', mesh.data, '--json', ...words);

  /** What the service says after it has looked at the pointer. */
  async function refreshed(service: Service): Promise<Record<string, unknown>> {
    const { status, body } = await mesh.ask(service, 'POST /refresh_model');
    assert.equal(status, 200, JSON.stringify(body));
    return body['serving'] as Record<string, unknown>;
  }

  /** Asks both services again and again while `work` goes on, and until both answer with the newest version. */
  async function askedDuring(work: () => Promise<unknown>): Promise<readonly Asked[]> {
    const asked: Asked[] = [];
    let done = false;
    const asking = async (service: Service) => {
      while (!done) {
        asked.push({ service, answer: await mesh.ask(service, 'POST /predict', { body: QUESTION }) });
        await pause(PAUSE_MS);
      }
    };
    const following = async () => {
      await work();
      for (const service of SERVICES) {
        const { publication } = await mesh.pointer(service);
        const last = () => asked.findLast((each) => each.service === service);
        await until(`${service} to answer with ${publication}`, () =>
          last()?.answer.status === 200 && versionIn(last()!.answer) === publication ? true : undefined,
        );
      }
    };
    await Promise.all([following().finally(() => (done = true)), ...SERVICES.map(asking)]);
    return asked;
  }

  test('swaps to the fit of newer data by itself, and no request fails or has two versions', async () => {
    const asked = await askedDuring(() => trainedOn(DAYS + 7));
    const { publication } = await mesh.pointer('reg');
    versions.push(publication);
    assert.notEqual(publication, versions[0]);
    for (const service of SERVICES) {
      const own = asked.filter((each) => each.service === service).map(({ answer }) => answer);
      assert.deepEqual(
        own.filter(({ status }) => status !== 200).map(({ body }) => body),
        [],
      );
      // One version, then the other, and never back; and one answer of each.
      const answers = new Map<string, Set<string>>();
      const seen: string[] = [];
      for (const answer of own) {
        const version = versionIn(answer);
        if (seen.at(-1) !== version) seen.push(version);
        answers.set(version, (answers.get(version) ?? new Set()).add(JSON.stringify(answer.body)));
      }
      assert.deepEqual(seen, versions, service);
      for (const [version, bodies] of answers) assert.equal(bodies.size, 1, `${service} ${version}`);
    }
  });

  test('the candidate was compared with the champion on the same rows, and both are registered', async () => {
    for (const service of SERVICES) {
      const [newest, first] = await readRegister(mesh.exports, 'bikes', service, 10);
      assert.equal(newest?.result.champion?.publication, first?.publication);
      assert.equal(newest?.publication, versions[1]);
    }
  });

  test('keeps a pinned champion: a further training registers its candidates and promotes none', async () => {
    const pinned = await sluice('models', 'bikes', 'pin', '--reason', 'a report uses it');
    assert.equal(pinned.code, 0, pinned.stderr);
    assert.equal((await refreshed('reg'))['pinned'], true);
    await trainedOn(DAYS + 14);
    for (const service of SERVICES) {
      const { publication, pinned: isPinned } = await mesh.pointer(service);
      assert.deepEqual([publication, isPinned], [versions[1], true]);
      assert.partialDeepStrictEqual(await refreshed(service), { version: versions[1], pinned: true });
      assert.equal((await readRegister(mesh.exports, 'bikes', service, 10)).length, 3);
    }
    const unpinned = await sluice('models', 'bikes', 'unpin', '--reason', 'the report is out');
    assert.equal(unpinned.code, 0, unpinned.stderr);
    for (const service of SERVICES)
      assert.partialDeepStrictEqual(await refreshed(service), { version: versions[1], pinned: false });
  });

  const rollback = (...words: readonly string[]) => sluice('models', 'bikes', 'rollback', ...words);
  const WHY = ['--reason', 'the newer one is worse'];

  test('a rollback asks for the model, and one of a whole run is refused with what to type', async () => {
    const { code, stdout } = await rollback(...WHY);
    assert.equal(code, 1);
    assert.match(stdout, /rollback needs --model <name>: bikes has the models reg, class/);
    const ofRun = await sluice('rollback', 'bikes');
    assert.equal(ofRun.code, 1);
    assert.match(ofRun.stdout, /publishes models alone.*models bikes rollback --model .*<name>.* --reason /);
  });

  test('a rollback makes one champion before current and pins it, not a candidate that never was; its service follows', async () => {
    const other = await mesh.pointer('class');
    const done = await rollback('--model', 'reg', ...WHY);
    assert.equal(done.code, 0, done.stderr);
    const { command, result, message } = lastLine(done) as Record<string, string>;
    assert.equal(result, 'done');
    assert.match(message!, /The model reg of .* is current again, in place of .*, and is pinned/);
    const pointer = await mesh.pointer('reg');
    assert.deepEqual([pointer.run, pointer.pinned], [firstRun, true]);
    const serving = await refreshed('reg');
    assert.partialDeepStrictEqual(serving, { version: pointer.publication, run: firstRun, pinned: true });
    assert.equal(serving['trained_at'], await trainedAt('reg', pointer.run));

    const { publication, run: of, pinned } = await mesh.pointer('class');
    assert.deepEqual([publication, of, pinned], [other.publication, other.run, false]);
    assert.equal((await refreshed('class'))['version'], versions[1]);

    // The same command again answers what it did; the version before the current one is another one by now.
    const again = await rollback(...WHY, '--command', command!);
    assert.deepEqual(lastLine(again), lastLine(done), again.stderr);
    assert.equal((await mesh.pointer('reg')).publication, pointer.publication);
  });

  test('a further rollback has nowhere to go by default, and goes forward where it is named', async () => {
    const nowhere = await rollback('--model', 'reg', ...WHY);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stdout, /nothing to roll reg back to: no model of an earlier run than/);
    const never = await rollback('--model', 'reg', '--to', `bikes-${firstRun}-replay-none`, ...WHY);
    assert.equal(never.code, 1);
    assert.partialDeepStrictEqual(lastLine(never), { result: 'refused', code: 'MODEL_NEVER_CURRENT' });

    // The ordinal of the second training's entry.
    const forward = await rollback('--model', 'reg', '--to', '2', ...WHY);
    assert.equal(forward.code, 0, forward.stderr);
    assert.equal((await mesh.pointer('reg')).run, (await mesh.pointer('class')).run);
    const shown = lastLine(await sluice('models', 'bikes', 'show')) as unknown as readonly {
      readonly model: string;
      readonly versions: readonly { readonly madeBy: string; readonly run: string }[];
    }[];
    const history = shown.find(({ model }) => model === 'reg')!.versions;
    assert.deepEqual(
      history.map(({ madeBy }) => madeBy),
      ['rollback', 'rollback', 'run', 'run'],
    );
    assert.equal(history[1]!.run, firstRun);
  });

  test('the audit record has each of them, with the version that it went to', async () => {
    const audit = lastLine(await sluice('audit', '--pipeline', 'bikes')) as unknown as readonly {
      readonly command: Readonly<Record<string, string>>;
      readonly result: { readonly result: string };
    }[];
    const rollbacks = audit.filter(({ command: { verb } }) => verb === 'rollback');
    assert.deepEqual(
      rollbacks.map(({ command: { model }, result: { result } }) => [model, result]),
      [
        ['reg', 'done'],
        ['reg', 'refused'],
        ['reg', 'done'],
      ],
    );
    assert.equal(rollbacks.at(-1)!.command['to'], versions[0]);
  });

  /** When the model of that run was trained, as its descriptor in the attempt's folder says. */
  async function trainedAt(service: Service, of: string): Promise<unknown> {
    const text = await mesh.results.readText(`bikes/${of}/attempt-1/${service}.json`, 1e8);
    return (JSON.parse(text?.text ?? '{}') as { trainedAt?: unknown }).trainedAt;
  }
});
