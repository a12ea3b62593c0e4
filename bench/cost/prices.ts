// Google's list prices in dollars, each with the page it was read on; what is free every month is beside it.

export type Service =
  | 'Functions'
  | 'Job'
  | 'Storage'
  | 'Pub/Sub'
  | 'BigQuery'
  | 'Scheduler'
  | 'Keys and secrets'
  | 'Logs and alerts'
  | 'Images';

export interface Price {
  readonly service: Service;
  /** What is counted. */
  readonly unit: string;
  readonly dollars: number;
  /** Units that a billing account gets free every month; 0 where there are none, or none in Europe. */
  readonly free: number;
  readonly source: string;
  /** Known, and in force for years, but not on what could be read of the page that day. */
  readonly unread?: true;
  /** Google has announced it, and the page that would say that it is charged already could not be read. */
  readonly announced?: true;
}

/** The day on which the pages were read. */
export const READ_ON = '2026-11-21';

const RUN = 'https://cloud.google.com/run/pricing';
const STORAGE = 'https://cloud.google.com/storage/pricing';
const KMS = 'https://cloud.google.com/kms/pricing';
const OBSERVABILITY = 'https://cloud.google.com/products/observability/pricing';
const BIGQUERY = 'https://cloud.google.com/bigquery/pricing';

const TIB_IN_GIB = 1024;

/** In europe-west1 and europe-west9, both of Cloud Run's tier 1; buckets and datasets in the EU. */
export const PRICES = {
  functionVcpuSeconds: {
    service: 'Functions',
    unit: 'vCPU-second, billed by request',
    dollars: 0.000024,
    free: 180_000,
    source: RUN,
  },
  functionGibSeconds: {
    service: 'Functions',
    unit: 'GiB-second, billed by request',
    dollars: 0.0000025,
    free: 360_000,
    source: RUN,
  },
  functionRequests: {
    service: 'Functions',
    unit: 'request',
    dollars: 0.4 / 1_000_000,
    free: 2_000_000,
    source: RUN,
  },
  idleVcpuSeconds: {
    service: 'Functions',
    unit: 'vCPU-second of an instance that is kept waiting',
    dollars: 0.0000025,
    free: 0,
    source: RUN,
    unread: true,
  },
  idleGibSeconds: {
    service: 'Functions',
    unit: 'GiB-second of an instance that is kept waiting',
    dollars: 0.0000025,
    free: 0,
    source: RUN,
    unread: true,
  },
  jobVcpuSeconds: {
    service: 'Job',
    unit: 'vCPU-second, billed by instance, a minute at least',
    dollars: 0.000018,
    free: 240_000,
    source: RUN,
  },
  jobGibSeconds: {
    service: 'Job',
    unit: 'GiB-second, billed by instance, a minute at least',
    dollars: 0.000002,
    free: 450_000,
    source: RUN,
    unread: true,
  },
  storageWritesOfRegion: {
    service: 'Storage',
    unit: 'class A call in a region',
    dollars: 0.005 / 1000,
    free: 0,
    source: STORAGE,
  },
  storageWritesOfEurope: {
    service: 'Storage',
    unit: 'class A call in the EU multi-region',
    dollars: 0.01 / 1000,
    free: 0,
    source: STORAGE,
    unread: true,
  },
  storageReads: {
    service: 'Storage',
    unit: 'class B call',
    dollars: 0.0004 / 1000,
    free: 0,
    source: STORAGE,
  },
  storedGibOfRegion: {
    service: 'Storage',
    unit: 'GiB-month in a region',
    dollars: 0.02,
    free: 0,
    source: STORAGE,
  },
  storedGibOfEurope: {
    service: 'Storage',
    unit: 'GiB-month in the EU multi-region',
    dollars: 0.026,
    free: 0,
    source: STORAGE,
  },
  replicatedGib: {
    service: 'Storage',
    unit: 'GiB written to the EU multi-region, replicated',
    dollars: 0.02,
    free: 0,
    source: STORAGE,
    unread: true,
  },
  messageGib: {
    service: 'Pub/Sub',
    unit: 'GiB published or delivered, 1,000 bytes a request at least',
    dollars: 40 / TIB_IN_GIB,
    free: 10,
    source: 'https://cloud.google.com/pubsub/pricing',
  },
  queriedGib: {
    service: 'BigQuery',
    unit: 'GiB read by queries, 10 MiB a table at least',
    dollars: 6.25 / TIB_IN_GIB,
    free: TIB_IN_GIB,
    source: BIGQUERY,
  },
  tableGib: {
    service: 'BigQuery',
    unit: 'GiB-month of active tables',
    dollars: 0.02,
    free: 10,
    source: BIGQUERY,
  },
  schedules: {
    service: 'Scheduler',
    unit: 'schedule, whether it fires or not',
    dollars: 0.1,
    free: 3,
    source: 'https://cloud.google.com/scheduler/pricing',
  },
  keyVersions: {
    service: 'Keys and secrets',
    unit: 'version of a software key that is not destroyed',
    dollars: 0.06,
    free: 0,
    source: KMS,
  },
  keyUses: {
    service: 'Keys and secrets',
    unit: 'use of a key',
    dollars: 0.03 / 10_000,
    free: 0,
    source: KMS,
  },
  logGib: {
    service: 'Logs and alerts',
    unit: 'GiB of logs',
    dollars: 0.5,
    free: 50,
    source: OBSERVABILITY,
  },
  metricMib: {
    service: 'Logs and alerts',
    unit: 'MiB of metrics of our own',
    dollars: 0.258,
    free: 150,
    source: OBSERVABILITY,
    unread: true,
  },
  alertConditions: {
    service: 'Logs and alerts',
    unit: 'condition of an alert',
    dollars: 1.5,
    free: 0,
    source: 'https://cloud.google.com/monitoring/alerts/cost-control',
    announced: true,
  },
  alertSeries: {
    service: 'Logs and alerts',
    unit: 'time series that an alert looked at, once',
    dollars: 0.35 / 1_000_000,
    free: 0,
    source: 'https://cloud.google.com/monitoring/alerts/cost-control',
    announced: true,
  },
  imageGib: {
    service: 'Images',
    unit: 'GiB-month of images',
    dollars: 0.1,
    free: 0.5,
    source: 'https://cloud.google.com/artifact-registry/pricing',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type Counted = keyof typeof PRICES;

/** How much of what a month takes. */
export type Usage = Readonly<Partial<Record<Counted, number>>>;

export function sumOf(usages: readonly Usage[]): Usage {
  const sum: Partial<Record<Counted, number>> = {};
  for (const usage of usages) {
    for (const [counted, amount] of Object.entries(usage) as [Counted, number][]) {
      sum[counted] = (sum[counted] ?? 0) + amount;
    }
  }
  return sum;
}

export const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(Object.entries(usage).map(([counted, amount]) => [counted, amount * factor]));

export interface Bill {
  readonly dollars: number;
  /** What prices that Google has only announced would add. */
  readonly announcedDollars: number;
  readonly byService: Readonly<Partial<Record<Service, number>>>;
}

/** What a month's usage costs; `free` says whether the free amounts are taken off first. */
export function billOf(usage: Usage, { free }: { readonly free: boolean }): Bill {
  const byService: Partial<Record<Service, number>> = {};
  let [dollars, announcedDollars] = [0, 0];
  for (const [counted, amount] of Object.entries(usage) as [Counted, number][]) {
    const price: Price = PRICES[counted];
    const cost = Math.max(0, amount - (free ? price.free : 0)) * price.dollars;
    if (price.announced) announcedDollars += cost;
    else {
      byService[price.service] = (byService[price.service] ?? 0) + cost;
      dollars += cost;
    }
  }
  return { dollars, announcedDollars, byService };
}
