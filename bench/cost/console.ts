// docs/COST.md on the console: one tab that is visible during working hours, over a mesh in which nothing happens.
import { carmila } from '../../pipelines/carmila.ts';
import { SUBSCRIPTION_NAMES } from '../../shared/functions/subscriptions.ts';
import { ConsolePlace } from '../../test/unit/console/console-place.ts';
import { amountOf, dollars, table } from './amounts.ts';
import { billOf, sumOf, times, type Usage } from './bill.ts';
import { REQUEST_LOG_BYTES } from './month.ts';

const GIB = 1024 ** 3;
export const DAYS = 22;
export const HOURS = 8;
const POLLS_AN_HOUR = 60;
/** A page that depends on the time of day is made anew after five minutes. */
const ANEW_AN_HOUR = 12;
/** A call is billed in tenths of a second: the least there is for a poll, and time for the reads of a page. */
const POLL_SECONDS = 0.1;
const PAGE_SECONDS = 0.3;
/** The first call of a day meets no instance; the others keep one. */
const START_SECONDS = 2.3;
const GIB_OF_INSTANCE = 0.5;
/** Now reads the dead letters through handle-commands, which meets no instance; each call to Pub/Sub counts as 1 kB. */
const READINGS_AN_HOUR = 1;
const PULLS = 4;
const LEAST_OF_A_PULL = 1_000;

export interface PageCalls {
  readonly classA: number;
  readonly classB: number;
  /** Reads of content, which is encrypted; metadata is not. */
  readonly keyUses: number;
}

export interface ConsoleCalls {
  readonly unchanged: PageCalls;
  readonly page: PageCalls;
}

/** Counted from the console itself, over stores in memory. */
export async function countConsole(): Promise<ConsoleCalls> {
  const place = await ConsolePlace.open([carmila]);
  await place.publish('carmila', 1);
  const { headers } = await place.get('/');
  const page = countedIn(place.calls);
  await place.get('/', { 'if-none-match': headers['etag'] ?? '' });
  return { unchanged: countedIn(place.calls), page };
}

const countedIn = (calls: readonly string[]): PageCalls => {
  const count = (kind: RegExp) => calls.filter((call) => kind.test(call)).length;
  return {
    classA: count(/^(list|first) /),
    classB: count(/^(info|readText) /),
    keyUses: count(/^readText /),
  };
};

const usageOf = ({ classA, classB, keyUses }: PageCalls, seconds: number): Usage => ({
  storageWritesOfRegion: classA,
  storageReads: classB,
  keyUses,
  functionRequests: 1,
  functionVcpuSeconds: seconds,
  functionGibSeconds: seconds * GIB_OF_INSTANCE,
  logGib: REQUEST_LOG_BYTES / GIB,
});

/** While there are no dead letters, a subscription is asked until it has answered with none three times. */
const readingOf = (): Usage => ({
  functionRequests: 1,
  functionVcpuSeconds: START_SECONDS,
  functionGibSeconds: START_SECONDS * GIB_OF_INSTANCE,
  messageGib: (SUBSCRIPTION_NAMES.length * PULLS * LEAST_OF_A_PULL) / GIB,
  logGib: REQUEST_LOG_BYTES / GIB,
});

export function tabOf({ unchanged, page }: ConsoleCalls): Usage {
  const hours = DAYS * HOURS;
  return sumOf([
    times(usageOf(unchanged, POLL_SECONDS), hours * (POLLS_AN_HOUR - ANEW_AN_HOUR)),
    times(usageOf(page, PAGE_SECONDS), hours * ANEW_AN_HOUR),
    times(usageOf(page, START_SECONDS), DAYS),
    times(readingOf(), hours * READINGS_AN_HOUR),
  ]);
}

export function consoleSection(calls: ConsoleCalls): string {
  const whole = billOf(tabOf(calls), { free: false });
  const rowOf = (what: string, { classA, classB, keyUses }: PageCalls) => [
    what,
    ...[classA, classB, keyUses].map(amountOf),
  ];
  return `## The console

A stack that names no reader and no operator has no console. With one, nothing is billed while no page is open. A tab that is visible ${HOURS} hours on ${DAYS} days a month, over a mesh in which nothing happens, costs **${dollars(whole.dollars)}** a month without free tiers. A hidden tab asks nothing.

${table(
  ['a poll of the page Now, of one pipeline', 'class A', 'class B', 'uses of a key'],
  [rowOf('unchanged: 304', calls.unchanged), rowOf('made anew, every five minutes', calls.page)],
)}

- **Counted** from the console itself over stores in memory (\`bench/cost/console.ts\`); a test holds the tab to less than $0.10.
- **Assumed**: ${POLL_SECONDS} s billed for a poll, ${PAGE_SECONDS} s for a page, ${START_SECONDS} s for the first of a day; ${REQUEST_LOG_BYTES} bytes for Cloud Run's own log of a call. Identity-Aware Proxy has no price.
- **Dead letters** are read by \`handle-commands\` at most once an hour for this page, however many people look, and when a person opens their screen: ${START_SECONDS} s billed for a reading.
- **While a run executes**, a visible tab asks every five seconds: an hour of that costs as much as twelve idle hours.
- A further pipeline costs one class B call a poll; one that takes requests, a class A call. *Is it right?* queries the ledger when the page is made, 10 MiB at least.
`;
}
