// The screens of requested runs and of models over what is recorded: filters, pages, bounds, and nothing of what was sent.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bikes } from '../../../pipelines/bikes.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { forecastWhatIf } from '../../../pipelines/forecast-what-if.ts';
import { entryOf } from '../../../shared/warehouse/ledger.ts';
import { plantModels, publicationOf } from '../../mesh/console/planted-models.ts';
import { plantRequests, SECRET, type PlantedRequests } from '../../mesh/console/planted-requests.ts';
import { ConsolePlace } from './console-place.ts';

let place: ConsolePlace;
let planted: PlantedRequests;
before(async () => {
  place = await ConsolePlace.open([carmila, bikes, forecastWhatIf]);
  // Stores in memory have the times of this machine.
  place.nowMs = Date.now();
  planted = await plantRequests(place, place.nowMs);
  let ordinal = 0;
  await plantModels(
    {
      exports: place.exports,
      results: place.results,
      enter: async (publication) => {
        const published_at = new Date(place.nowMs - (10 - ++ordinal) * 3_600_000).toISOString();
        place.ledger.push({ ...entryOf(publication), ordinal, published_at });
        return Promise.resolve();
      },
    },
    place.nowMs,
  );
});

async function jsonAt<T>(url: string): Promise<T> {
  const { status, bytes } = await place.get(url, { accept: 'application/json' });
  const text = Buffer.from(bytes).toString();
  assert.equal(status, 200, text);
  return JSON.parse(text) as T;
}

interface Requests {
  readonly slots: { run: string }[];
  readonly waiting: { items: { run: string; owner: string; approval: string }[]; count: number };
  readonly jobs: { items: { run: string; state: string; cost: number | null }[]; day: string };
  readonly spending: { inAll: number; bound: number };
}

test('the queue of a pipeline: what executes and waits, and whose approval is missing', async () => {
  const data = await jsonAt<Requests>('/p/forecast-what-if');
  assert.deepEqual(
    data.slots.map(({ run }) => run),
    [planted.running],
  );
  assert.deepEqual(data.waiting.items.map(({ approval }) => approval).toSorted(), [
    'given',
    'missing',
    'none',
  ]);
  assert.equal(data.waiting.items.find(({ run }) => run === planted.waiting)?.approval, 'missing');
  assert.deepEqual([data.spending.inAll, data.spending.bound], [0.04, 20]);
});

test('the jobs of a day with state and cost, by owner and by state', async () => {
  const { jobs } = await jsonAt<Requests>('/p/forecast-what-if');
  const stateOf = (run: string) => jobs.items.find((each) => each.run === run)?.state;
  assert.deepEqual(
    [planted.waiting, planted.running, planted.failed, planted.held, planted.published].map(stateOf),
    ['waiting-approval', 'running', 'failed', 'held', 'succeeded'],
  );
  const held = await jsonAt<Requests>('/p/forecast-what-if?state=held');
  assert.deepEqual(
    held.jobs.items.map(({ run }) => run),
    [planted.held],
  );
  const owner = planted.failed.slice(1, 17);
  const own = await jsonAt<Requests>(`/p/forecast-what-if?owner=${owner}`);
  assert.ok(own.jobs.items.length > 0 && own.jobs.items.every(({ run }) => run.slice(1, 17) === owner));
  assert.ok(own.waiting.items.every((each) => each.owner === owner));
  const empty = await jsonAt<Requests>('/p/forecast-what-if?day=2020-01-01');
  assert.deepEqual([empty.jobs.day, empty.jobs.items], ['2020-01-01', []]);
});

test('a day without a job today falls back to the last day with one', async () => {
  const now = place.nowMs;
  place.nowMs = now + 3 * 86_400_000;
  const { jobs } = await jsonAt<Requests>('/p/forecast-what-if?owner=0123456789abcdef');
  place.nowMs = now;
  assert.equal(jobs.day, new Date(now - 20 * 60_000).toISOString().slice(0, 10));
});

test('nothing of what was sent is on any page, in HTML or JSON', async () => {
  const runs = Object.values(planted).map((run) => `/p/forecast-what-if/runs/${run}`);
  for (const url of ['/p/forecast-what-if', ...runs]) {
    const html = await place.get(url);
    assert.equal(html.status, 200, url);
    const text = Buffer.from(html.bytes).toString() + JSON.stringify(await jsonAt(url));
    assert.ok(!text.includes(SECRET), url);
    assert.ok(!/<img|<script>alert/.test(Buffer.from(html.bytes).toString()), url);
  }
});

test('a job links to the commands that its state allows', async () => {
  const hrefs = async (run: string) => {
    const { bytes } = await place.get(`/p/forecast-what-if/runs/${run}`);
    return [
      ...Buffer.from(bytes)
        .toString()
        .matchAll(/commands\/new\/([a-z]+)\?run=/g),
    ].map(([, verb]) => verb);
  };
  assert.deepEqual(await hrefs(planted.waiting), ['cancel', 'hold']);
  assert.deepEqual(await hrefs(planted.running), ['cancel', 'hold']);
  assert.deepEqual(await hrefs(planted.held), ['release']);
  assert.deepEqual(await hrefs(planted.published), []);
});

test('what is wrong in an address is refused, and what does not exist is not found', async () => {
  for (const [url, status] of [
    ['/p/forecast-what-if?owner=ada', 400],
    ['/p/forecast-what-if?state=gone', 400],
    ['/p/forecast-what-if?day=2026-13-01', 400],
    ['/p/forecast-what-if?page=0', 400],
    ['/p/forecast-what-if?waiting=x', 400],
    ['/p/forecast-what-if/runs/nope', 404],
    [`/p/forecast-what-if/runs/${planted.held.replace(/.$/, 'z')}`, 404],
    ['/p/carmila/models', 404],
    ['/p/forecast-what-if/models', 404],
    ['/p/bikes/models?at=bikes-000009-00000000', 404],
    ['/cost?pipeline=nope', 404],
  ] as const)
    assert.equal((await place.get(url)).status, status, url);
});

interface Models {
  readonly isPast: boolean;
  readonly models: {
    name: string;
    champion: { publication: string; entry: string } | null;
    isPinned: boolean;
    served: { publication: string } | null;
    earlier: { publication: string }[];
    candidates: { items: { isChampion: boolean; championsValue: number | null }[]; count: number };
    drift: { rows: number } | null;
  }[];
}

test('a model shows its champion, pin, pointer, drift, versions and candidates', async () => {
  const { models } = await jsonAt<Models>('/p/bikes/models');
  const [reg, other] = models;
  assert.deepEqual([reg?.name, reg?.champion?.publication], ['reg', publicationOf('000002-bbbbbbbb')]);
  assert.deepEqual(
    [reg?.isPinned, reg?.served?.publication, reg?.drift?.rows],
    [true, publicationOf('000002-bbbbbbbb'), 1200],
  );
  assert.deepEqual(
    reg?.earlier.map(({ publication }) => publication),
    [publicationOf('000001-aaaaaaaa')],
  );
  assert.equal(reg?.candidates.count, 3);
  assert.equal(reg?.candidates.items.filter(({ isChampion }) => isChampion).length, 1);
  assert.deepEqual([other?.served, other?.drift], [null, null]);
});

test('of the past: the models as they were after a publication, and no form', async () => {
  const url = `/p/bikes/models?at=${publicationOf('000001-aaaaaaaa')}`;
  const { models, isPast } = await jsonAt<Models>(url);
  assert.deepEqual(
    [isPast, models[0]?.champion?.publication, models[0]?.isPinned],
    [true, publicationOf('000001-aaaaaaaa'), false],
  );
  assert.ok(
    !Buffer.from((await place.get(url)).bytes)
      .toString()
      .includes('/commands/new/'),
  );
  const now = Buffer.from((await place.get('/p/bikes/models')).bytes).toString();
  const version = publicationOf('000001-aaaaaaaa');
  assert.ok(now.includes(`/p/bikes/commands/new/rollback?model=reg&amp;version=${version}`));
  assert.ok(
    now.includes(`/p/bikes/commands/new/unpin?model=class&amp;version=${publicationOf('000002-bbbbbbbb')}`),
  );
});

test('an unchanged queue is a 304, and a page of jobs is a few calls for each', async () => {
  const first = await place.get('/p/forecast-what-if');
  const known = { 'if-none-match': first.headers['etag'] ?? '' };
  assert.equal((await place.get('/p/forecast-what-if', known)).status, 304);
  assert.ok(place.calls.length <= 3, place.calls.join('\n'));
  await place.get('/p/forecast-what-if?page=1');
  const listings = place.calls.filter((call) => /^(list|first) /.test(call)).length;
  // Three of the version, the dispatch, the queue and the day, and one for each of the seven jobs.
  assert.ok(listings <= 6 + 7, place.calls.join('\n'));
});
