// docs/COST.md on requested runs: 1,000 requests a day, and 1,000 a second for an hour and for a month.
import { amountOf, dollars, table } from './amounts.ts';
import { billOf, sumOf, times, type Usage } from './bill.ts';
import { MONTH_DAYS, MONTH_SECONDS } from './fixed.ts';
import { REQUEST_LOG_BYTES } from './month.ts';
import { PRICES, type Counted, type Price } from './prices.ts';
import type { RequestCase } from '../../functions/console/reading/figures.ts';
import type { Calls, RequestCalls } from './request-calls.ts';

const GIB = 1024 ** 3;
const HOUR_SECONDS = 3600;
const SWEEP_EVERY_SECONDS = 600;
/** Processor time of an accepted request: the bound that `bench/requests` holds. */
const ACCEPT_CPU_SECONDS = 0.00075;
/** A vCPU whose instance is at most half busy, so that a burst finds room. */
const BUSY = 0.5;
const FRONT_GIB = 0.5;
/** A call that comes alone: a cold start, and three calls to Cloud Storage one after the other: owner's bound, entry, outcome. */
const ALONE_SECONDS = 2.3;
/** A dispatch or a publication that comes alone, on a third of a vCPU and on a whole one. */
const WORK_SECONDS = 4;
const SMALL_VCPU = 0.333;
/** One hint is on its way at a time in each instance, and takes 0.05 s at least. */
const HINTS_A_SECOND = 20;
const HINT_BYTES = 1000;
const POLLS = 5;
const JOB = { vcpu: 1, gib: 1, seconds: 60 };
/** A read of its input and of its parameters; two files and the manifest. */
const JOB_CALLS: Calls = { classA: 3, classB: 2, bytesWritten: 2000, logBytes: 0 };
/** Records and audit are kept for 400 days and more: what a month writes is paid for in each later month. */
const REQUEST_BYTES = 6000;

interface Case {
  readonly id: RequestCase;
  readonly name: string;
  readonly usage: Usage;
}

export const casesOf = (calls: RequestCalls): readonly Case[] => [
  {
    id: 'none',
    name: 'no request: a month',
    usage: times(usageOf(calls.sweep), MONTH_SECONDS / SWEEP_EVERY_SECONDS),
  },
  { id: 'daily', name: '1,000 a day, accepted, run and polled: a month', usage: daily(calls) },
  { id: 'hour', name: '1,000 a second, accepted: an hour', usage: accepting(calls, HOUR_SECONDS) },
  { id: 'month', name: '1,000 a second, accepted: a month', usage: accepting(calls, MONTH_SECONDS) },
];

export function requestsSection(calls: RequestCalls): string {
  const cases = casesOf(calls);
  const counted = (Object.keys(PRICES) as Counted[]).filter((each) =>
    cases.some(({ usage }) => (usage[each] ?? 0) > 0),
  );
  const costOf = (usage: Usage, each: Counted): number => (usage[each] ?? 0) * PRICES[each].dollars;
  return `## Requested runs

What a pipeline that takes requests adds, without free tiers:

${table(
  ['', ...cases.map(({ name }) => name)],
  [
    ['**in all**', ...cases.map(({ usage }) => `**${dollars(billOf(usage, { free: false }).dollars)}**`)],
    [
      'charged, after free tiers',
      ...cases.map(({ usage }) => dollars(billOf(usage, { free: true }).dollars)),
    ],
    ...counted.map((each) => {
      const price: Price = PRICES[each];
      return [
        price.unit,
        ...cases.map(({ usage }) => `${amountOf(usage[each] ?? 0)}: ${dollars(costOf(usage, each))}`),
      ];
    }),
  ],
)}

- **What a request calls** is counted from the functions themselves over stores in memory (\`bench/cost/request-calls.ts\`):

${table(
  ['', 'class A', 'class B', 'bytes of log lines'],
  (
    [
      ['a request that is accepted, each of another owner', calls.accept],
      ['preparing, starting and ending its run', calls.run],
      ['a dispatch, whatever it starts', calls.dispatch],
      ['publishing the result', calls.publish],
      ['a poll', calls.poll],
      ['a sweep of a pipeline without requests', calls.sweep],
    ] as const
  ).map(([what, { classA, classB, logBytes }]) => [
    what,
    amountOf(classA),
    amountOf(classB),
    amountOf(logBytes),
  ]),
)}

- **Accepting alone** is what the columns of 1,000 a second hold: a pipeline runs at most 100 jobs at once, and one run costs $${jobDollars().toFixed(4)} for the job alone (1 vCPU, 1 GiB, a minute), so a thousand of them a second would be ${dollars(jobDollars() * 1000 * HOUR_SECONDS)} an hour. The bounds of spending and of waiting refuse them long before.
- **An owner's bound** is listed at most once a second by an instance. Many owners, each with one request a second, pay for it with each request, as counted here; one owner with all of them pays a thousandth of that. An owner with over 1,000 unfinished requests pays one class A call more for each further 1,000.
- **Assumed**: ${ACCEPT_CPU_SECONDS * 1000} ms of processor time for an accepted request (the bound of \`bench/requests\`), instances half busy; a call that comes alone is billed ${ALONE_SECONDS} s, a dispatch or publication ${WORK_SECONDS} s; ${HINTS_A_SECOND} hints a second for each instance; ${POLLS} polls for each run; ${REQUEST_LOG_BYTES} bytes for Cloud Run's own log of a call; ${REQUEST_BYTES} bytes kept for a request, paid for half of the first month. What a month has written is kept 400 days, and paid for again in each of them.
- **To pay less at a high rate**: most of it is class A calls, uses of the key and logs. Exclude Cloud Run's own request log of \`accept-requests\` in the sink \`_Default\`; keep the function's lines, of which the metrics are made (a metric counts excluded lines too).
`;
}

const jobDollars = (): number =>
  JOB.seconds * (JOB.vcpu * PRICES.jobVcpuSeconds.dollars + JOB.gib * PRICES.jobGibSeconds.dollars);

const usageOf = ({ classA, classB, logBytes }: Calls): Usage => ({
  storageWritesOfRegion: classA,
  storageReads: classB,
  keyUses: classA + classB,
  logGib: logBytes / GIB,
});

const called = (count: number): Usage => ({
  functionRequests: count,
  logGib: (count * REQUEST_LOG_BYTES) / GIB,
});

const ran = (seconds: number, vcpu: number): Usage => ({
  functionVcpuSeconds: seconds * vcpu,
  functionGibSeconds: seconds * FRONT_GIB,
});

/** Once published, once delivered; encrypted and decrypted. */
const messages = (count: number): Usage => ({
  messageGib: (2 * count * HINT_BYTES) / GIB,
  keyUses: 2 * count,
});

/** Half of the first month: the objects are written throughout it. */
const kept = (requests: number): Usage => ({ storedGibOfRegion: (requests * REQUEST_BYTES) / GIB / 2 });

/** Each comes alone: its own instances, its own dispatches, its own messages. */
function daily({ accept, run, dispatch, publish, poll }: RequestCalls): Usage {
  const one = sumOf([
    ...[accept, run, publish, JOB_CALLS].map(usageOf),
    times(usageOf(dispatch), 3),
    times(usageOf(poll), POLLS),
    // The request, its polls, three dispatches and a publication.
    called(1 + POLLS + 3 + 1),
    ran(ALONE_SECONDS * (1 + POLLS), 1),
    ran(WORK_SECONDS * 3, SMALL_VCPU),
    ran(WORK_SECONDS, 1),
    // The hint, the output, the hint of its publication and the end.
    messages(4),
    { jobVcpuSeconds: JOB.seconds * JOB.vcpu, jobGibSeconds: JOB.seconds * JOB.gib },
    kept(1),
  ]);
  return times(one, 1000 * MONTH_DAYS);
}

function accepting({ accept }: RequestCalls, seconds: number): Usage {
  const requests = 1000 * seconds;
  const instances = Math.ceil((1000 * ACCEPT_CPU_SECONDS) / BUSY);
  return sumOf([
    times(usageOf(accept), requests),
    called(requests),
    ran(instances * seconds, 1),
    messages(instances * HINTS_A_SECOND * seconds),
    // For the share of the month that it lasts, and kept for the rest of it.
    kept(requests),
  ]);
}
