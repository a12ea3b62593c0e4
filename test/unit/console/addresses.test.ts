// What an address or an answer may do to a page: no link leaves the console, no refusal grows, and a silent service is a part.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { forecastWhatIf } from '../../../pipelines/forecast-what-if.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import type { BytesAnswer } from '../../../shared/http/call.ts';
import { ConsolePlace } from './console-place.ts';

const textOf = ({ bytes }: BytesAnswer): string => Buffer.from(bytes).toString();
const RUN = '000003-3fa9c1d2';

test('no link of a page leads to another host, whatever its address is', async () => {
  const place = await ConsolePlace.open([carmila]);
  for (const path of ['//evil.example/', '/\\evil.example/', '///evil.example', '/p\\evil.example']) {
    const answer = await place.get(path);
    assert.equal(answer.status, 404, path);
    const links = [...textOf(answer).matchAll(/(?:href|action)="([^"]*)"/g)].map(([, link = '']) => link);
    assert.ok(links.length > 3);
    for (const link of links)
      assert.equal(new URL(link, 'https://console.example').host, 'console.example', `${path}: ${link}`);
  }
});

test('what a refusal quotes is bounded, in JSON as well, and no unknown language is kept', async () => {
  const place = await ConsolePlace.open(
    Array.from({ length: 500 }, (_, index) => ({ ...carmila, name: `p${index}` })),
  );
  const long = 'x'.repeat(9_000);
  for (const path of ['/p/nope.json', `/p/p1.json?at=${long}`, `/cost.json?pipeline=${long}`]) {
    const answer = await place.get(path);
    assert.equal(answer.status, 404, path.slice(0, 30));
    assert.ok(answer.bytes.length < 20_000, `${path.slice(0, 30)}: ${answer.bytes.length} bytes`);
  }
  assert.ok(!textOf(await place.get(`/map?lang=${long}&of=none`)).includes(long));
});

test('a day that no calendar or store has is refused, and never an error of the console', async () => {
  const place = await ConsolePlace.open([carmila, forecastWhatIf]);
  await place.publish('carmila', 3);
  for (const path of [
    '/p/carmila/runs?to=9999-12-31',
    '/p/carmila/audit?from=0000-01-01',
    '/p/carmila/changes?until=2026-02-30',
    '/p/forecast-what-if?day=2026-01-00',
    '/p/forecast-what-if?day=2026-02-31',
  ])
    assert.equal((await place.get(path)).status, 400, path);
  assert.equal((await place.get('/p/carmila/runs?to=2199-12-31')).status, 200);
});

test('the link to the other language keeps each dead letter that was chosen', async () => {
  const place = await ConsolePlace.open([carmila]);
  const page = textOf(await place.get('/dead-letters?letter=1&letter=2'));
  assert.match(page, /href="\/dead-letters\?letter=1&amp;letter=2&amp;lang=fr"/);
});

test('a log that cannot be read leaves the rest of its page, and says why', async () => {
  const jobLog = {
    read: () => Promise.reject(new TransientError('Cloud Logging is away')),
    queryOf: (execution: string) => `execution=${execution}`,
  };
  const place = await ConsolePlace.open([carmila], undefined, { jobLog });
  await place.publish('carmila', 3);
  const path = `/p/carmila/runs/${RUN}/log`;
  const answer = await place.get(path);
  assert.equal(answer.status, 200);
  assert.match(textOf(answer), /Cloud Logging is away[^]*execution=[^]*log 000003/);
  assert.equal((await place.get(`${path}.txt`)).status, 503);
});

test('a command that handle-commands refuses is shown as refused, and one without an answer as not known', async () => {
  for (const [error, status, text] of [
    [new PermanentError('prepared too long ago', { code: 'COMMAND_INVALID' }), 400, /prepared too long ago/],
    [new TransientError('no answer'), 503, /may still be carried out/],
  ] as const) {
    const place = await ConsolePlace.open([carmila], undefined, { send: () => Promise.reject(error) });
    await place.publish('carmila', 3);
    const path = '/p/carmila/commands/new/pause';
    const { id, seen } = JSON.parse(textOf(await place.get(`${path}.json`))) as { id: string; seen: string };
    const answer = await place.post(path, [
      ['id', id],
      ['seen', seen],
      ['reason', 'a test'],
    ]);
    assert.equal(answer.status, status);
    assert.match(textOf(answer), text);
  }
});
