// The console: a page of a thousand pipelines, a page of ten thousand runs, and the bytes of a first visit.
import { setTimeout as wait } from 'node:timers/promises';
import { SCRIPT, STYLE } from '../../functions/console/assets.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { ConsolePlace } from '../../test/unit/console/console-place.ts';
import type { Bench, Measure } from '../measure.ts';

const PIPELINES = 1000;
const RUNS = 10_000;
const HOUR_MS = 3_600_000;
const PAGES = 100;
/** A read of Cloud Storage from a function of the same region. */
const STORAGE_MS = 15;
const COMPRESSED = { 'accept-encoding': 'br' };
const MOST_MS = 300;
const MOST_CALLS = 5;
const MOST_KB = 30;

export const consolePages: Bench = {
  name: 'console',
  about: 'pages of the console: a thousand pipelines, ten thousand runs, the bytes of a first visit',
  async run({ progress }) {
    return [...(await ofNow(progress)), ...(await ofRuns(progress))];
  },
};

/** A page a second, as several people open it: every half minute one of them reads all pipelines anew. */
async function ofNow(progress: (text: string) => void): Promise<readonly Measure[]> {
  progress(`${PIPELINES} pipelines`);
  const many = Array.from({ length: PIPELINES }, (_, index) => ({ ...carmila, name: `p${index}` }));
  const place = await ConsolePlace.open(many, () => wait(STORAGE_MS));
  for (const { name } of many) await place.publish(name, 1);
  const firstAt = performance.now();
  const first = await place.get('/', COMPRESSED);
  const firstMs = performance.now() - firstAt;
  const times: number[] = [];
  for (let page = 0; page < PAGES; page++) {
    place.nowMs += 1_000;
    const at = performance.now();
    await place.get(`/?page=${1 + (page % 3)}`, COMPRESSED);
    times.push(performance.now() - at);
  }
  const kilobytes = (await visitBytes(place)) / 1000;
  return [
    {
      ...{
        name: `Now with ${PIPELINES} pipelines, 95 of 100 pages`,
        value: percentile(times, 0.95),
        unit: 'ms',
      },
      goal: { most: MOST_MS, of: 'value' },
      note: `pages a second apart; each storage call takes ${STORAGE_MS} ms`,
    },
    {
      ...{
        name: `Now with ${PIPELINES} pipelines, the first page of an instance`,
        value: firstMs,
        unit: 'ms',
      },
      note: `${first.bytes.length} bytes compressed`,
    },
    {
      ...{ name: 'a first visit, compressed', value: kilobytes / 1000, unit: 'MB' },
      goal: { most: MOST_KB / 1000, of: 'value' },
      note: 'the page Now, its style sheet and its script',
    },
  ];
}

async function visitBytes(place: ConsolePlace): Promise<number> {
  const answers = [];
  for (const path of ['/', STYLE.path, SCRIPT.path]) answers.push(await place.get(path, COMPRESSED));
  return answers.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function ofRuns(progress: (text: string) => void): Promise<readonly Measure[]> {
  progress(`${RUNS} runs`);
  const place = await ConsolePlace.open([carmila]);
  const endMs = place.nowMs;
  await place.publish('carmila', RUNS, { atMs: (sequence) => endMs - (RUNS - sequence) * HOUR_MS });
  let most = 0;
  for (const query of [
    '',
    '?before=9000',
    '?before=60',
    '?status=failed',
    '?cause=person',
    '?to=2026-03-01',
  ]) {
    await place.get(`/p/carmila/runs${query}`, COMPRESSED);
    most = Math.max(most, place.calls.length);
  }
  return [
    {
      ...{ name: `Runs with ${RUNS} runs, a page, searched or not`, value: most, unit: 'calls' },
      goal: { most: MOST_CALLS, of: 'value' },
    },
  ];
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? 0;
