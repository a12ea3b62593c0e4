// docs/COST.md and docs/cost.svg as text: the same program and measurement give the same text.
import { billedSeconds, jobLimits, WAITS, type Plans } from './month.ts';
import { monthlyCosts, type MonthlyCost } from './monthly.ts';
import type { Calls, Measured, Work } from './measured.ts';
import { amountOf, dollars, priceOf, table } from './amounts.ts';
import { doubts } from './doubts.ts';
import { firesOf } from './fires.ts';
import { pictureOf } from './picture.ts';
import type { Bill } from './bill.ts';
import { PRICES, READ_ON, type Counted, type Price } from './prices.ts';
import { fixedOf } from './fixed.ts';
import { consoleSection, type ConsoleCalls } from './console.ts';
import { requestsSection } from './requests.ts';
import type { RequestCalls } from './request-calls.ts';
import { CHECKED_YEARS, yearsOf } from './years.ts';
import { EXECUTION_STARTS_SECONDS, waitingOf, type Waiting } from './waiting.ts';

export interface Pages {
  readonly markdown: string;
  readonly picture: string;
}

export interface CallsOf {
  readonly requests: RequestCalls;
  readonly console: ConsoleCalls;
}

export function pagesOf(plans: Plans, measured: Measured, calls: CallsOf): Pages {
  const months = monthlyCosts(plans, measured);
  const waiting = waitingOf(plans, measured);
  return {
    markdown: markdownOf(months, waiting, plans, measured, calls),
    picture: pictureOf([
      {
        title: 'Dollars a month per pipeline, without free tiers',
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
        title: 'Billed function-seconds of one run',
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

function markdownOf(
  months: readonly MonthlyCost[],
  waiting: Waiting,
  plans: Plans,
  measured: Measured,
  calls: CallsOf,
): string {
  const [idle] = months;
  const fires = firesOf(plans.one);
  return `# What the mesh costs

\`npm run cost\` computes this page from the infra program, from a measurement of its calls, and from Google's list prices. A test fails if the page differs from the result. No number comes from a bill.

![Dollars a month per pipeline, and the billed function-seconds of a run](cost.svg)

## A month

${table(
  ['', 'charged', 'without free tiers', 'per pipeline, without free tiers'],
  months.map(({ month, bill, whole }) => [
    month.name,
    `**${dollars(bill.dollars)}**`,
    dollars(whole.dollars),
    dollars(whole.dollars / month.pipelines),
  ]),
)}

A month has ${Math.round(fires.tick)} polls per pipeline and ${Math.round(fires.sweep)} sweeps. Only these are billed even if nothing happens: ${fixedList(plans)}. No server is among them. Google counts free tiers per billing account, and those of logs per project; if other projects use them up, the column without free tiers applies. These sums leave out charges that may not have begun: alerts, which would add ${dollars(idle?.bill.readings.references ?? 0)} to an idle month, and [others](#possible-additional-charges).

By service, without free tiers:

${table(
  ['service', ...months.map(({ month }) => month.name)],
  servicesOf(months).map((service) => [
    service,
    ...months.map(({ whole }) => dollars(whole.byService[service] ?? 0)),
  ]),
)}

## Possible additional charges

${doubts(months.map(({ month, bill }) => ({ month: month.name, bill })))}

## Keys, year by year

${keysByYear(plans, measured)}

## A run, compared with a waiting function

In the earlier design a function started the job and waited for it. Here no function waits: the job's output calls the next function.

${waitingTable(waiting)}

The last case cannot occur: a function that an event calls may run for at most 540 seconds. The job costs the same in both designs: ${jobLine(plans, measured)}.

${whatIsCounted(months, plans, measured)}

${methodOf(measured)}

${requestsSection(calls.requests)}
${consoleSection(calls.console)}
## How to pay less

Of an idle month, ${share(idle)}. With many pipelines, two costs grow: each schedule costs ten cents whether it fires or not, and each sweep lists each pipeline's folder, which is a class A call. Class A calls cost twice as much in the multi-region \`EU\` as in a single region (\`sluice:location\`; this page uses the one of the stacks in \`infra/\`).
`;
}

const whatIsCounted = (
  months: readonly MonthlyCost[],
  plans: Plans,
  measured: Measured,
): string => `## What is counted

${table(
  ['', 'a tick without a change', 'a sweep without work', 'a change, in total'],
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

Prices are Google's list prices in dollars, read on ${READ_ON} on the pages linked, for europe-west1 and europe-west9 (both of Cloud Run's first tier) and the EU multi-region. †: from another source, because the page did not show it that day. ‡: in no sum; see [possible additional charges](#possible-additional-charges).`;

const methodOf = (measured: Measured): string => `## Method

- **Measured** on ${measured.on} through the local cloud, on ${measured.machine}, with ${measured.folder}; a change is one more day of visitors. The port of a call identifies its caller. Every function was started anew. \`${measured.command}\` measures again and writes this page.
- **Assumed**, because nothing here called Google: an answer takes ${waitList()}; an execution starts in ${EXECUTION_STARTS_SECONDS} s; a function with a smaller share of a processor starts slower in proportion; images have 0.4 GiB for the job and 0.15 GiB for each function.
- **Rounded up**: each tick and each sweep starts a new instance, although one may stay for 15 minutes; each execution counts a minute at least, as Cloud Run bills it; a query reads 10 MiB of every table that it names; the objects of a change stay as long as the rules of their bucket allow, plus the days of soft delete; every message is two uses of a key, although Pub/Sub keeps a data key for hours; every line of a metric is a point, although two lines in one minute are one.
- **Left out**: builds, which stay far within Cloud Build's 2,500 free minutes a month; traffic, which stays in Europe, and within one region between job and data if the job runs there (\`sluice:jobRegion\`); the queries of the dashboard; audit logs that you turn on.
- **1,000 pipelines** cost what one costs, and 999 times what a second one adds. Google's quotas are reached first: 1,000 schedules per region and 100 service accounts per project, until you request more.`;

/** Each row: a design, its billed seconds and what they cost. */
const waitingTable = ({ mesh, old, oldAtWorst, dollarsPerSecond }: Waiting): string =>
  table(
    ['', 'billed function-seconds', 'dollars of function'],
    (
      [
        ['this mesh, one run', mesh],
        ['a function that waits', old],
        ['a function that waits for a job that uses its whole timeout', oldAtWorst],
      ] as const
    ).map(([design, seconds]) => [
      design,
      `${seconds.toFixed(0)} s`,
      `$${(seconds * dollarsPerSecond).toFixed(5)}`,
    ]),
  );

function servicesOf(months: readonly MonthlyCost[]): readonly (keyof Bill['byService'])[] {
  const all = months.flatMap(({ whole }) => Object.keys(whole.byService) as (keyof Bill['byService'])[]);
  return [...new Set(all)].sort();
}

function keysByYear(plans: Plans, measured: Measured): string {
  const years = yearsOf(plans, measured);
  const within = years.filter(({ idleDollars }) => idleDollars <= 1).length;
  return `A version of a key costs ${priceOf(PRICES.keyVersions)} a month until a person destroys it; none is free. The key rotates every ${rotationDays(plans)} days. Old versions stay, because only they decrypt what they encrypted ([RESTORE.md](RESTORE.md)). The tables above show the end of the first year.

${table(
  ['at the end of year', ...years.map(({ year }) => String(year))],
  [
    ['versions', ...years.map(({ keyVersions }) => String(keyVersions))],
    ['an idle month, charged', ...years.map(({ idleDollars }) => dollars(idleDollars))],
  ],
)}

An idle month costs at most a dollar for ${within} years; a test checks ${CHECKED_YEARS}. A longer rotation period would be cheaper, but Google recommends 90 days and reviews require it (CIS benchmark of Google Cloud: 90 days at most). Instead there is one key less: messages are encrypted with the key of the data. After that, pay, or destroy the versions that encrypt nothing any more; Cloud KMS lists what each one protects.`;
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
  return `${measured.change.job.seconds} s with ${cpu} vCPU and ${memory} GiB, billed as ${seconds} s: $${cost.toFixed(4)}`;
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

function share(idle: MonthlyCost | undefined): string {
  const [largest] = Object.entries(idle?.whole.byService ?? {}).sort(([, one], [, other]) => other - one);
  return `the largest part is ${largest?.[0] ?? 'nothing'}: ${dollars(largest?.[1] ?? 0)} without free tiers`;
}
