// Hints: a burst of requests is a few messages, each request is covered by one, and a failure is no error of a request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Hints } from '../../../functions/accept-requests/hints.ts';
import type { RunRequested } from '../../../shared/events/messages.ts';

function opened(publish: (message: RunRequested) => Promise<void>) {
  const lines: string[] = [];
  const hints = new Hints(
    { publish },
    pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
  );
  return { hints, lines };
}

test('what arrives while a hint is on its way is one more hint, sent after it', async () => {
  const sent: string[] = [];
  const gates: (() => void)[] = [];
  const { hints } = opened(({ run }) => {
    sent.push(run);
    return new Promise((resolve) => gates.push(resolve));
  });
  const done = Array.from({ length: 100 }, (_none, index) => hints.send({ pipeline: 'p', run: `r${index}` }));
  const other = hints.send({ pipeline: 'q', run: 'q1' });
  assert.deepEqual(sent, ['r0', 'q1']);
  gates[1]?.();
  await other;
  gates[0]?.();
  await done[0];
  await new Promise(setImmediate);
  assert.deepEqual(sent, ['r0', 'q1', 'r1']);
  gates[2]?.();
  await Promise.all(done);
  const later = hints.send({ pipeline: 'p', run: 'later' });
  assert.deepEqual(sent, ['r0', 'q1', 'r1', 'later']);
  gates[3]?.();
  await later;
});

test('a hint that cannot be sent is a warning, and the next one is sent again', async () => {
  let tries = 0;
  const { hints, lines } = opened(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('Pub/Sub is away')) : Promise.resolve();
  });
  await Promise.all([hints.send({ pipeline: 'p', run: 'a' }), hints.send({ pipeline: 'p', run: 'b' })]);
  assert.equal(tries, 2);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /Pub\/Sub is away/);
});
