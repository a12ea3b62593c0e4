// Searching 10,000 runs, reading a log of 20,000 lines and a trace of 2,000 spans: what is wanted is found, within bounds.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { A_LISTING, MOST_CALLS } from '../../../functions/console/reading/seek-run.ts';
import { waterfallOf } from '../../../functions/console/reading/waterfall.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import type { RecordedSpan } from '../../../shared/tracing/recorded.ts';
import { ConsolePlace } from './console-place.ts';

const RUNS = 10_000;
const HOUR_MS = 3_600_000;
const MOST = 2 + MOST_CALLS;
const MOST_PAGES = 50;

interface Found {
  readonly runs: readonly { readonly run: string; readonly requestedAt: string; readonly status: string }[];
  readonly read: number;
  readonly before: number | null;
  readonly above: number | null;
}

let place: ConsolePlace;
let endMs: number;

before(async () => {
  place = await ConsolePlace.open([carmila]);
  endMs = place.nowMs;
  // Busy weeks and quiet ones: the rate of runs changes by a factor of ten.
  const times: number[] = [];
  for (let sequence = RUNS, atMs = endMs; sequence > 0; sequence--) {
    times[sequence] = atMs;
    atMs -= HOUR_MS * (sequence % 2_000 < 1_000 ? 0.5 : 0.05);
  }
  await place.publish('carmila', RUNS, {
    atMs: (sequence) => times[sequence] ?? endMs,
    failed: (sequence) => sequence === 9_123,
    byPerson: (sequence) => sequence % 3_000 === 1,
  });
});

async function found(query: string): Promise<Found> {
  const answer = await place.get(`/p/carmila/runs.json?${query}`);
  assert.equal(answer.status, 200, Buffer.from(answer.bytes).toString().slice(0, 500));
  assert.ok(place.calls.length <= MOST, `${query}: ${place.calls.length} calls: ${place.calls.join(', ')}`);
  return JSON.parse(Buffer.from(answer.bytes).toString()) as Found;
}

/** Follows "Search further" until something is found, or there is nothing left; gives how many pages that took. */
async function search(query: string): Promise<{ readonly found: Found; readonly pages: number }> {
  const asked = new URLSearchParams(query);
  for (let pages = 1; pages <= MOST_PAGES; pages++) {
    const page = await found(asked.toString());
    if (page.runs.length > 0 || page.before === null) return { found: page, pages };
    asked.set('before', String(page.before));
    if (page.above === null) asked.delete('above');
    else asked.set('above', String(page.above));
  }
  assert.fail(`${query} is not found on ${MOST_PAGES} pages`);
}

const dayInParis = (iso: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date(iso));

describe('10,000 runs', () => {
  test('each page takes at most five calls, whatever is asked', async () => {
    for (const query of ['', 'before=9000', 'before=60', 'status=failed', 'cause=person', 'to=2026-11-20'])
      await found(query);
  });

  test('a status that one run has is found, further and further back', async () => {
    const { found: page, pages } = await search('status=failed');
    assert.deepEqual(
      page.runs.map(({ run, status }) => [run.slice(0, 6), status]),
      [['009123', 'failed']],
    );
    assert.ok(pages <= Math.ceil((RUNS - 9_122) / (A_LISTING * MOST_CALLS)), `${pages} pages`);
  });

  test('a cause is found by what the listing shows of the request', async () => {
    const { found: page } = await search('cause=person&before=6100');
    assert.deepEqual(
      page.runs.map(({ run }) => run.slice(0, 6)),
      ['006001'],
    );
  });

  test('the runs of a day long ago are found in a few pages, and none of another day', async () => {
    for (const day of ['2026-11-27', '2026-11-01', '2026-09-15', '2026-09-05']) {
      const { found: page, pages } = await search(`from=${day}&to=${day}`);
      assert.ok(page.runs.length > 0, day);
      for (const { requestedAt } of page.runs) assert.equal(dayInParis(requestedAt), day);
      assert.ok(pages <= 6, `${day}: ${pages} pages`);
    }
  });

  test('a day before the first run has none, on the first page', async () => {
    const { found: page, pages } = await search('from=2020-01-01&to=2020-01-02');
    assert.deepEqual([page.runs, pages], [[], 1]);
  });
});

test('a page of a log of 20,000 lines is bounded, and its pages have every line once', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => ({
    ...{ at: new Date(endMs + index).toISOString(), severity: 'INFO' },
    text: index === 7 ? 'x'.repeat(60_000) : `line ${index}`,
  }));
  place.log.lines.push(...lines);
  const path = '/p/carmila/runs/010000-3fa9c1d2/log';
  const page = await place.get(path);
  assert.equal(page.status, 200);
  assert.ok(page.bytes.length < 200_000, `${page.bytes.length} bytes`);
  assert.match(Buffer.from(page.bytes).toString(), /line 19999/);
  const seen: string[] = [];
  let query = '';
  for (let pages = 0; pages < 50; pages++) {
    const answer = await place.get(`${path}.json${query}`);
    const { lines: read, earlier } = JSON.parse(Buffer.from(answer.bytes).toString()) as {
      readonly lines: readonly { readonly text: string }[];
      readonly earlier: string | null;
    };
    seen.unshift(...read.map(({ text }) => text));
    if (earlier === null) break;
    query = `?page=${earlier}`;
  }
  assert.deepEqual(
    seen,
    lines.map(({ text }) => text),
  );
  const file = Buffer.from((await place.get(`${path}.txt`)).bytes).toString();
  assert.equal(file.split('\n').length, 20_001);
});

const span = (id: number, parent: number | undefined, startMs: number, endsMs: number): RecordedSpan => ({
  ...{ id: String(id), parentId: parent === undefined ? undefined : String(parent), name: `span ${id}` },
  ...{ component: 'c', startMs, endMs: endsMs, attributes: {}, failure: undefined },
});

test('2,000 spans are shown on pages of 200', async () => {
  place.spans = Array.from({ length: 2_000 }, (_, index) =>
    span(index, index === 0 ? undefined : 0, index, index === 0 ? 5_000 : index + 1),
  );
  const page = await place.get('/p/carmila/runs/010000-3fa9c1d2/trace.json?page=10');
  const { rows, all } = JSON.parse(Buffer.from(page.bytes).toString()) as {
    readonly rows: readonly { readonly name: string }[];
    readonly all: number;
  };
  assert.deepEqual([rows.length, rows.at(-1)?.name, all], [200, 'span 1999', 2_000]);
});

describe('a waterfall', () => {
  test('shows each span once, below the span that it is part of, and one without its parent as a root', () => {
    const rows = waterfallOf([
      span(2, 1, 5, 8),
      span(3, 99, 6, 7),
      span(1, undefined, 0, 10),
      span(1, undefined, 0, 10),
    ]);
    assert.deepEqual(
      rows.map(({ name, depth, from, to }) => [name, depth, from, to]),
      [
        ['span 1', 0, 0, 1],
        ['span 2', 1, 0.5, 0.8],
        ['span 3', 0, 0.6, 0.7],
      ],
    );
  });

  test('of spans that are part of each other ends', () => {
    assert.deepEqual(waterfallOf([span(1, 2, 0, 1), span(2, 1, 0, 1)]), []);
  });
});
