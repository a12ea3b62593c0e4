// Dead letters in the hand: nothing is forgotten before it is safe, and everything else is given back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropDeadLetters, redriveDeadLetters } from '../../../functions/handle-commands/dead-letters.ts';
import { aboutOf } from '../../../shared/dead-letters/about.ts';
import {
  holding,
  originalIdIn,
  redrivenAttributes,
  redrivenTimes,
  type DeadLetters,
  type HeldDeadLetter,
} from '../../../shared/dead-letters/dead-letters.ts';
import { command, type DeadLetterCommand } from '../../../shared/commands/command.ts';
import { ADA, Place } from './commands-place.ts';

const SUBSCRIPTION = 'run-requested-to-start-run';
const deadLetter = (id: string, more: Partial<HeldDeadLetter> = {}): HeldDeadLetter => ({
  id,
  subscription: SUBSCRIPTION,
  data: Buffer.from(`letter ${id}`),
  attributes: { CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00.000Z' },
  deadLetteredAt: '2026-01-02T00:00:00.000Z',
  ackId: '',
  ...more,
});

/** A subscription's dead letters, three a pull by default; one that is leased is not handed out again. */
class Box implements DeadLetters {
  readonly deadLetters: HeldDeadLetter[];
  readonly held = new Map<string, HeldDeadLetter>();
  readonly published: string[] = [];
  failing: 'publish' | 'acknowledge' | undefined;
  page = 3;
  pulls = 0;
  /** Every so many pulls give nothing although letters are there, as Pub/Sub's do. */
  vainEvery = Infinity;

  constructor(...ids: readonly string[]) {
    this.deadLetters = ids.map((id) => deadLetter(id, { ackId: `lease of ${id}` }));
  }

  async take(_subscription: string, most: number) {
    this.pulls++;
    if (this.pulls % this.vainEvery === 0) return [];
    const free = this.deadLetters
      .filter(({ ackId }) => !this.held.has(ackId))
      .slice(0, Math.min(most, this.page));
    for (const one of free) this.held.set(one.ackId, one);
    return free;
  }

  async acknowledge(_subscription: string, ackIds: readonly string[]) {
    if (this.failing === 'acknowledge') throw new Error('killed');
    for (const ackId of ackIds) {
      this.deadLetters.splice(
        this.deadLetters.findIndex((one) => one.ackId === ackId),
        1,
      );
      this.held.delete(ackId);
    }
  }

  async giveBack(_subscription: string, ackIds: readonly string[]) {
    for (const ackId of ackIds) this.held.delete(ackId);
  }

  async publish(_subscription: string, { data }: { data: Buffer }) {
    if (this.failing === 'publish') throw new Error('killed');
    this.published.push(data.toString());
  }
}

const given = (verb: DeadLetterCommand['verb'], ...deadLetters: string[]) => ({
  command: {
    verb,
    subscription: SUBSCRIPTION,
    deadLetters,
    reason: 'a test',
    id: '20260105T000000Z-test',
  } as const,
  by: ADA,
  at: '2026-01-05T00:00:00.000Z',
});
const meshWith = (deadLetters: Box) => ({ ...new Place().mesh(), deadLetters });

test('all letters are looked at, page by page, and all are given back', async () => {
  const box = new Box('1', '2', '3', '4', '5', '6', '7');
  const ids = await holding(box, SUBSCRIPTION, async ({ deadLetters }) => deadLetters.map(({ id }) => id));
  assert.deepEqual(ids, ['1', '2', '3', '4', '5', '6', '7']);
  assert.deepEqual([box.held.size, box.deadLetters.length], [0, 7]);
  await assert.rejects(
    holding(box, SUBSCRIPTION, () => Promise.reject(new Error('killed'))),
    /killed/,
  );
  assert.equal(box.held.size, 0);
});

for (const count of [1001, 2500]) {
  test(`${count} letters are all held, although every other pull gives nothing`, async () => {
    const ids = Array.from({ length: count }, (_, index) => String(index));
    const box = new Box(...ids);
    [box.page, box.vainEvery] = [100, 2];
    const held = await holding(box, SUBSCRIPTION, async (all) => all);
    assert.deepEqual(
      held.deadLetters.map(({ id }) => id),
      ids,
    );
    assert.equal(held.isAll, true);
    assert.equal(box.held.size, 0);
  });
}

test('where there are more letters than are held, it is said, and what is not found is not called gone', async () => {
  const box = new Box(...Array.from({ length: 5010 }, (_, index) => String(index)));
  box.page = 1000;
  const { deadLetters, isAll } = await holding(box, SUBSCRIPTION, async (held) => held);
  assert.deepEqual([deadLetters.length, isAll, box.held.size], [5000, false, 0]);
  const { message } = await dropDeadLetters(given('drop', '1', '5009'), meshWith(box));
  assert.match(message, /^Deleted: 1\. Not among the 5000 that were read: 5009 \(there may be more/);
});

test('dead letters that come again while others are leased do not show that there are no more', async () => {
  const box = new Box('1', '2', '3', '4');
  // Each lease ends at once: the same letters are handed out again.
  box.take = async () => box.deadLetters.slice(0, 3);
  assert.equal(await holding(box, SUBSCRIPTION, async ({ isAll }) => isAll), false);
});

test('a letter is forgotten only after it was published again, and the others are left alone', async () => {
  const box = new Box('1', '2', '3');
  const { result, message } = await redriveDeadLetters(given('redrive', '2', '9'), meshWith(box));
  assert.equal(result, 'done');
  assert.match(message, /^Requeued: 2\..* Not found: 9 /);
  assert.deepEqual(box.published, ['letter 2']);
  assert.deepEqual(
    box.deadLetters.map(({ id }) => id),
    ['1', '3'],
  );
  assert.equal(box.held.size, 0);
});

for (const failing of ['publish', 'acknowledge'] as const) {
  test(`an order that dies at the ${failing} loses nothing, and the same again finishes it`, async () => {
    const box = new Box('1', '2');
    box.failing = failing;
    await assert.rejects(redriveDeadLetters(given('redrive', '1'), meshWith(box)), /killed/);
    assert.deepEqual([box.deadLetters.length, box.held.size], [2, 0]);
    box.failing = undefined;
    assert.equal((await redriveDeadLetters(given('redrive', '1'), meshWith(box))).result, 'done');
    // Cut off after the publication, the message comes twice; the mesh is used to that.
    assert.equal(box.published.length, failing === 'publish' ? 1 : 2);
    assert.deepEqual(
      box.deadLetters.map(({ id }) => id),
      ['2'],
    );
  });
}

test('a dropped letter is not published', async () => {
  const box = new Box('1');
  assert.equal((await dropDeadLetters(given('drop', '1'), meshWith(box))).message, 'Deleted: 1.');
  assert.deepEqual([box.published, box.deadLetters], [[], []]);
});

test('a redriven letter keeps its first id and time, however often it is redriven', () => {
  const once = redrivenAttributes(
    deadLetter('1', { attributes: { sender: 'a', ...deadLetter('1').attributes } }),
    'o1',
  );
  assert.deepEqual(once, {
    sender: 'a',
    CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00.000Z',
    'sluice-original-message-id': '1',
    'sluice-original-publish-time': '2026-01-01T00:00:00.000Z',
    'sluice-command': 'o1',
    'sluice-redriven': '1',
  });
  const late = { ...once, CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-09T00:00:00.000Z' };
  const twice = redrivenAttributes(deadLetter('2', { attributes: late }), 'o2');
  assert.deepEqual(
    [twice['sluice-original-message-id'], twice['sluice-original-publish-time'], twice['sluice-command']],
    ['1', '2026-01-01T00:00:00.000Z', 'o2'],
  );
  const times = (attributes: Record<string, string>) => redrivenTimes(deadLetter('3', { attributes }));
  assert.equal(times(twice), 2);
  assert.equal(times({}), 0);
  // Redriven by an older version, which did not count; and a count that a sender made up.
  assert.equal(times({ 'sluice-command': 'o1' }), 1);
  assert.equal(times({ 'sluice-redriven': '<b>9</b>' }), 0);
  assert.equal(originalIdIn({ message: { attributes: twice } }), '1');
  assert.equal(originalIdIn({ message: { attributes: {} } }), undefined);
});

test('what a dead letter is about is read where it can be, and accepted only where it is a name', () => {
  const about = (data: unknown, attributes: Record<string, string> = {}) => {
    const { pipeline, run } = aboutOf({ data: Buffer.from(String(data)), attributes });
    return [pipeline, run];
  };
  const run = '000001-0123abcd';
  assert.deepEqual(about(JSON.stringify({ pipeline: 'carmila', run })), ['carmila', run]);
  assert.deepEqual(about('{}', { objectId: `carmila/${run}/attempt-1/output.json` }), ['carmila', run]);
  assert.deepEqual(about(JSON.stringify({ pipeline: "x'; DROP", run: '../..' })), [undefined, undefined]);
  for (const poison of ['', 'null', '[]', '"text"', '\u0000']) {
    assert.deepEqual(about(poison), [undefined, undefined], poison);
  }
});

test('an order for dead letters names them by number, and a subscription of ours', () => {
  const { command: draft } = given('drop', '1');
  const fits = (changes: object) => command.safeParse({ ...draft, ...changes }).success;
  assert.equal(fits({}), true);
  for (const wrong of [
    { deadLetters: [] },
    { deadLetters: ['1; drop'] },
    { subscription: 'mine' },
    { pipeline: 'x' },
  ]) {
    assert.equal(fits(wrong), false, JSON.stringify(wrong));
  }
});
