// docs/COST.md and docs/cost.svg, as text: computed, and so the same from the same program and measurement.
import { billedSeconds, jobLimits, usageOf, WAITS, type Month, type Plans } from './month.ts';
import type { Calls, Measured, Work } from './measured.ts';
import { amountOf, dollars, priceOf, table } from './amounts.ts';
import { doubts } from './doubts.ts';
import { firesOf } from './fires.ts';
import { pictureOf } from './picture.ts';
import { billOf, type Bill, type Usage } from './bill.ts';
import { PRICES, READ_ON, type Counted, type Price } from './prices.ts';
import { fixedOf } from './fixed.ts';
import { YEARS_WITHIN_A_DOLLAR, yearsOf } from './years.ts';
import { EXECUTION_STARTS_SECONDS, waitingOf, type Waiting } from './waiting.ts';

/** The three months that the page is about. */
export const MONTHS: readonly Month[] = [
  { name: 'An idle month', pipelines: 1, changes: 0 },
  { name: 'A change a day', pipelines: 1, changes: 30 },
  { name: '1,000 pipelines, a change a day each', pipelines: 1000, changes: 30 },
];

interface Computed {
  readonly month: Month;
  readonly usage: Usage;
  /** What is charged. */
  readonly bill: Bill;
  /** What would be, if nothing were free. */
  readonly whole: Bill;
}

export interface Pages {
  readonly markdown: string;
  readonly picture: string;
}

export function pagesOf(plans: Plans, measured: Measured): Pages {
  const months = MONTHS.map((month): Computed => {
    const usage = usageOf(month, plans, measured);
    return {
      month,
      usage,
      bill: billOf(usage, { free: true }),
      whole: billOf(usage, { free: false }),
    };
  });
  const waiting = waitingOf(plans, measured);
  return {
    markdown: markdownOf(months, waiting, plans, measured),
    picture: pictureOf([
      {
        title: 'Dollars a month for each pipeline, with nothing taken for free',
        bars: months.map(({ month, whole }) => ({
          label: month.name,
          total: `$${(whole.dollars / month.pipelines).toFixed(2)}`,
          parts: Object.entries(whole.byService).map(([service, dollars]) => ({
            service,
            amount: dollars / month.pipelines,
          })),
        })),
      },
      {
        title: 'Function-seconds that one run bills',
        bars: [
          ['this mesh', waiting.mesh] as const,
          ['a function that waits for the job', waiting.old] as const,
        ].map(([label, seconds]) => ({
          label,
          total: `${seconds.toFixed(0)} s`,
          parts: [{ service: 'Billed function-seconds', amount: seconds }],
        })),
      },
    ]),
  };
}

function markdownOf(months: readonly Computed[], waiting: Waiting, plans: Plans, measured: Measured): string {
  const [idle] = months;
  const fires = firesOf(plans.one);
  return `# What the mesh costs

Computed by \`npm run cost\` from the infra program, from what was measured of it, and from Google's list prices. A test fails when this page is not what they come to. Nothing here was read off a bill.

![Dollars a month for each pipeline, and the function-seconds of a run](cost.svg)

## A month

${table(
  ['', 'charged', 'if nothing were free', 'of that for each pipeline'],
  months.map(({ month, bill, whole }) => [
    month.name,
    `**${dollars(bill.dollars)}**`,
    dollars(whole.dollars),
    dollars(whole.dollars / month.pipelines),
  ]),
)}

Ticks and sweeps run all month: ${Math.round(fires.tick)} polls of a pipeline's folder, ${Math.round(fires.sweep)} sweeps. Only these bill whether anything happens or not: ${fixedList(plans)}. No server is among them. What is free is counted by billing account, and of logs by project: where others in the account use it up, the second column holds. These sums leave out what may not be charged yet: alerts, which would add ${dollars(idle?.bill.readings.references ?? 0)} to an idle month, and more [below](#what-may-be-charged-besides).

${table(
  ['service', ...months.map(({ month }) => month.name)],
  servicesOf(months).map((service) => [
    service,
    ...months.map(({ whole }) => dollars(whole.byService[service] ?? 0)),
  ]),
)}

By service, if nothing were free.

## What may be charged besides

${doubts(months.map(({ month, bill }) => ({ month: month.name, bill })))}

## Keys, year by year

${keysByYear(plans, measured)}

## A run, and the old design

In the old design a function started the job and waited for it. Here no function waits: the event of the job's output calls the next one.

${table(
  ['', 'billed function-seconds', 'dollars of function'],
  [
    ['this mesh, one run', waiting.mesh, waiting],
    ['a function that waits', waiting.old, waiting],
    [`a function that waits for a job that takes all its time`, waiting.oldAtWorst, waiting],
  ].map(([name, seconds]) => [
    String(name),
    `${Number(seconds).toFixed(0)} s`,
    `$${(Number(seconds) * waiting.dollarsPerSecond).toFixed(5)}`,
  ]),
)}

The last would not even work: a function that an event calls may take 540 seconds. The job itself bills the same in both: ${jobLine(plans, measured)}.

${whatItIsMadeOf(months, plans, measured)}

${howItIsComputed(measured)}

## If it is too much

Idle, ${share(idle)}. A schedule bills ten cents whether it fires or not, and a sweep lists each pipeline's folder, which is a class A call: with 1,000 pipelines these two are what grows. Buckets in the multi-region \`EU\` would make class A calls twice as dear as those in one region (\`sluice:location\`, here as in the stacks of \`infra/\`).
`;
}

const whatItIsMadeOf = (
  months: readonly Computed[],
  plans: Plans,
  measured: Measured,
): string => `## What it is made of

${table(
  ['', 'tick without a change', 'sweep without work', 'change, all in all'],
  workRows([measured.tick, measured.sweep, measured.change], plans, measured),
)}

${table(
  ['counted', ...months.map(({ month }) => month.name), 'price', 'free a month'],
  (Object.keys(PRICES) as Counted[])
    .filter((counted) => months.some(({ usage }) => (usage[counted] ?? 0) > 0))
    .map((counted) => {
      const price: Price = PRICES[counted];
      return [
        `[${price.unit}](${price.source})${price.unread ? ' †' : ''}${price.reading ? ' ‡' : ''}`,
        ...months.map(({ usage }) => amountOf(usage[counted] ?? 0)),
        priceOf(price),
        price.free === 0 ? '' : amountOf(price.free),
      ];
    }),
)}

Prices are Google's list prices in dollars, read on ${READ_ON} on the pages linked, for europe-west1 and europe-west9 (both of Cloud Run's first tier) and the EU multi-region. †: known from elsewhere, and not on what could be read of the page that day. ‡: in no sum; see what may be charged besides.`;

const howItIsComputed = (measured: Measured): string => `## How this page is computed

- **Measured** on ${measured.on} through the local cloud, on ${measured.machine}, with ${measured.folder}; a change adds a day of visitors. The port of a call shows its identity. Every function starts cold. \`${measured.command}\` measures again; then \`npm run cost\` writes this page.
- **Assumed**, because nothing here has called Google: an answer takes ${waitList()}; an execution starts in ${EXECUTION_STARTS_SECONDS} s; a start takes as many times longer as a function's share of a processor is smaller; images are 0.4 GiB for the job and 0.15 GiB for each function.
- **Rounded up**: each tick and each sweep counts as the start of a new instance, though one may stay for a quarter of an hour; each execution a minute at least, as Cloud Run bills it; a query reads 10 MiB of every table that it names; a change's objects stay as long as their bucket's rules let them, and the days for which deleted ones are kept; every message is two uses of a key, where Pub/Sub keeps what the key opened for hours; every line of a metric is a point, though two of one minute are one.
- **Left out**: building, which stays far within Cloud Build's 2,500 free minutes a month; traffic, which stays in Europe, and of which the job's share crosses no region where it runs in that of the data (\`sluice:jobRegion\`); Looker Studio's queries, which are the dashboard's; an audit log that an owner turns on.
- **1,000 pipelines** count as one and 999 times what a second one adds. Google's own limits come first: 1,000 schedules in a region and 100 accounts in a project until more are asked for.`;

function servicesOf(months: readonly Computed[]): readonly (keyof Bill['byService'])[] {
  const all = months.flatMap(({ whole }) => Object.keys(whole.byService) as (keyof Bill['byService'])[]);
  return [...new Set(all)].sort();
}

function keysByYear(plans: Plans, measured: Measured): string {
  const years = yearsOf(plans, measured);
  const within = years.filter(({ idleDollars }) => idleDollars <= 1).length;
  return `A version of a key bills ${priceOf(PRICES.keyVersions)} a month until it is destroyed; none is free. The key rotates every ${rotationDays(plans)} days, and old versions stay, since data that was encrypted with them needs them ([RESTORE.md](RESTORE.md)). The tables above are of the end of the first year.

${table(
  ['at the end of year', ...years.map(({ year }) => String(year))],
  [
    ['versions', ...years.map(({ keyVersions }) => String(keyVersions))],
    ['an idle month, charged', ...years.map(({ idleDollars }) => dollars(idleDollars))],
  ],
)}

An idle month stays within its dollar for ${within} years; a test requires ${YEARS_WITHIN_A_DOLLAR}. A rarer rotation would be cheaper, but 90 days is what Google recommends and what reviews ask for (the CIS benchmark of Google Cloud, 90 days at most), so there is one key less instead: messages are encrypted with the key of the data. After that, either pay, or destroy the versions with which nothing is encrypted any more; Cloud KMS lists what each one protects.`;
}

function rotationDays({ one }: Plans): number {
  const key = one.find(({ type }) => type === 'gcp:kms/cryptoKey:CryptoKey');
  return Number.parseInt(String(key?.inputs.rotationPeriod), 10) / (24 * 60 * 60);
}

function fixedList({ one }: Plans): string {
  const standing = fixedOf(one);
  const names = (Object.keys(standing) as Counted[])
    .filter((counted) => (standing[counted] ?? 0) > 0)
    .map((counted) => {
      const price: Price = PRICES[counted];
      return `${amountOf(standing[counted] ?? 0)} × ${price.unit}`;
    });
  return names.join('; ');
}

function workRows(works: readonly Work[], { one }: Plans, measured: Measured): string[][] {
  const count = (kind: keyof Calls) =>
    works.map(({ functions, job }) =>
      String(
        [job.calls, ...Object.values(functions).map(({ calls }) => calls)].reduce(
          (sum, calls) => sum + calls[kind],
          0,
        ),
      ),
    );
  const seconds = works.map(({ functions }) =>
    Object.entries(functions)
      .reduce((sum, [name, each]) => sum + billedSeconds(name, each, one, measured), 0)
      .toFixed(1),
  );
  const requests = works.map(({ functions }) =>
    String(Object.values(functions).reduce((sum, each) => sum + each.requests, 0)),
  );
  return [
    ['requests to functions', ...requests],
    ['billed function-seconds', ...seconds],
    ['Cloud Storage, class A', ...count('storageWrites')],
    ['Cloud Storage, class B', ...count('storageReads')],
    ['Drive (free)', ...count('drive')],
    ['BigQuery, load jobs and queries', ...count('bigquery')],
    ['messages', ...works.map(({ messages }) => String(messages.count))],
    ['spans of traces', ...works.map(({ spans }) => String(spans))],
    ['execution, seconds', ...works.map(({ job }) => String(job.seconds))],
  ];
}

function jobLine({ one }: Plans, measured: Measured): string {
  const { cpu, memory } = jobLimits(one);
  const seconds = Math.max(60, measured.change.job.seconds);
  const cost = seconds * (cpu * PRICES.jobVcpuSeconds.dollars + memory * PRICES.jobGibSeconds.dollars);
  return `${measured.change.job.seconds} s with ${cpu} processors and ${memory} GiB, billed as ${seconds}: $${cost.toFixed(4)}`;
}

const waitList = (): string =>
  [
    ['Cloud Storage', WAITS.storageReads],
    ['a write to it', WAITS.storageWrites],
    ['Drive', WAITS.drive],
    ['BigQuery', WAITS.bigquery],
    ['Cloud Run', WAITS.run],
    ['traces', WAITS.traces],
  ]
    .map(([name, seconds]) => `${seconds} s (${name})`)
    .join(', ');

function share(idle: Computed | undefined): string {
  const [largest] = Object.entries(idle?.whole.byService ?? {}).sort(([, one], [, other]) => other - one);
  return `most is ${largest?.[0] ?? 'nothing'}, ${dollars(largest?.[1] ?? 0)} if nothing were free`;
}
