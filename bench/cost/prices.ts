// Google's list prices in dollars, each with the page it was read on; what is free every month is beside it.

export type Service =
  | 'Functions'
  | 'Job'
  | 'Storage'
  | 'Pub/Sub'
  | 'BigQuery'
  | 'Scheduler'
  | 'Keys and secrets'
  | 'Watching'
  | 'Images';

/**
 * Ways to read Google's pages where they leave open what it charges: `conditions` and `references` are the
 * two prices of alerts that it has announced, `minutes` is metrics written whether there is a line or not.
 */
export type Reading = 'conditions' | 'references' | 'minutes';

export interface Price {
  readonly service: Service;
  /** What is counted. */
  readonly unit: string;
  readonly dollars: number;
  /** Units that are free every month, to a billing account or a project; 0 where there are none, or none in Europe. */
  readonly free: number;
  readonly source: string;
  /** Known, and in force for years, but not on what could be read of the page that day. */
  readonly unread?: true;
  /** In no sum, for it is charged only if Google is to be read so. */
  readonly reading?: Reading;
}

/** No sooner than which day alerts are charged: as three who cite Google's pages have it, each another day. */
export const ALERTS_CHARGED_FROM = ['2026-05-01', '2026-09-01', '2027-09-01'] as const;

/** The day on which the pages were read. */
export const READ_ON = '2026-11-21';

const RUN = 'https://cloud.google.com/run/pricing';
const STORAGE = 'https://cloud.google.com/storage/pricing';
const KMS = 'https://cloud.google.com/kms/pricing';
const OBSERVABILITY = 'https://cloud.google.com/products/observability/pricing';
const ALERTS = 'https://cloud.google.com/monitoring/alerts/cost-control';
const ALERT_EXAMPLES = 'https://cloud.google.com/stackdriver/docs/observability/pricing-examples';
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
    // Free are keys alone that Autokey makes, in hardware, in a folder of an organization.
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
    service: 'Watching',
    unit: 'GiB of logs',
    dollars: 0.5,
    free: 50,
    source: OBSERVABILITY,
  },
  metricMib: {
    service: 'Watching',
    unit: 'MiB of metrics of our own',
    dollars: 0.258,
    free: 150,
    source: OBSERVABILITY,
    unread: true,
  },
  metricMibByMinute: {
    service: 'Watching',
    unit: 'MiB of metrics of our own, were each series written every minute',
    dollars: 0.258,
    free: 150,
    source: OBSERVABILITY,
    unread: true,
    reading: 'minutes',
  },
  spans: {
    service: 'Watching',
    unit: 'span of a trace',
    dollars: 0.2 / 1_000_000,
    free: 2_500_000,
    source: OBSERVABILITY,
    unread: true,
  },
  alertConditions: {
    service: 'Watching',
    unit: 'condition of an alert',
    dollars: 1.5,
    free: 0,
    source: ALERTS,
    unread: true,
    reading: 'conditions',
  },
  alertSeries: {
    service: 'Watching',
    unit: 'series that an alert read, once',
    dollars: 0.35 / 1_000_000,
    free: 0,
    source: ALERTS,
    unread: true,
    reading: 'conditions',
  },
  alertReferences: {
    service: 'Watching',
    unit: 'metric that an alert refers to',
    dollars: 0.35,
    free: 0,
    source: ALERT_EXAMPLES,
    unread: true,
    reading: 'references',
  },
  alertPoints: {
    service: 'Watching',
    unit: 'point that a query of an alert returned',
    dollars: 0.5 / 1_000_000,
    free: 0,
    source: ALERT_EXAMPLES,
    unread: true,
    reading: 'references',
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
