// What the mesh costs: the committed page is what the program and the measurement come to, and nothing hides in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { alertsOf } from '../../../bench/cost/alerts.ts';
import { firesOf } from '../../../bench/cost/fires.ts';
import { readMeasured, type Measured } from '../../../bench/cost/measured.ts';
import { usageOf, type Plans } from '../../../bench/cost/month.ts';
import { countConsole } from '../../../bench/cost/console.ts';
import { FIGURES_FILE, figuresOf, figuresText } from '../../../bench/cost/figures.ts';
import { MONTHS } from '../../../bench/cost/monthly.ts';
import { pagesOf } from '../../../bench/cost/page.ts';
import { plansOf } from '../../../bench/cost/plans.ts';
import { countRequest } from '../../../bench/cost/request-calls.ts';
import { billOf } from '../../../bench/cost/bill.ts';
import { PRICES, type Price } from '../../../bench/cost/prices.ts';
import { fixedOf } from '../../../bench/cost/fixed.ts';
import { waitingOf } from '../../../bench/cost/waiting.ts';
import { kindOf } from '../../../bench/cost/watch.ts';
import { CHECKED_YEARS, yearsOf } from '../../../bench/cost/years.ts';
import type { PlannedResource } from '../../../infra/plan.ts';

const DOCS = new URL('../../../docs/', import.meta.url);
const FUNCTION = 'gcp:cloudfunctionsv2/function:Function';

let plans: Plans;
let measured: Measured;
before(async () => {
  plans = await plansOf();
  measured = readMeasured();
});

const [idle, daily, many] = MONTHS;
const costOf = (month = idle, of = plans, free = false) => {
  assert.ok(month);
  return billOf(usageOf(month, of, measured), { free }).dollars;
};

test("the page, its picture and the console's figures are what npm run cost would write", async () => {
  const calls = { requests: await countRequest(), console: await countConsole() };
  const { markdown, picture } = pagesOf(plans, measured, calls);
  const why = 'the program or the measurement has changed: npm run cost writes the page again';
  assert.equal(readFileSync(new URL('COST.md', DOCS), 'utf8'), markdown, why);
  assert.equal(readFileSync(new URL('cost.svg', DOCS), 'utf8'), picture, why);
  assert.equal(readFileSync(FIGURES_FILE, 'utf8'), figuresText(figuresOf(plans, measured, calls)), why);
});

test('an idle month costs a dollar at most', () => {
  const charged = costOf(idle, plans, true);
  assert.ok(charged > 0.2, 'keys and images alone are more than twenty cents');
  assert.ok(charged <= 1, `${charged}`);
  assert.ok(costOf(idle) > charged);
});

test('a pipeline more costs less than the first, and a change costs something', () => {
  assert.ok(costOf(daily) > costOf(idle));
  assert.ok(costOf(many) / 1000 < costOf(daily));
});

test('no function is kept waiting, and one that were would be seen', () => {
  for (const { inputs } of plans.one.filter(({ type }) => type === FUNCTION)) {
    assert.equal(Number((inputs.serviceConfig as { minInstanceCount?: number }).minInstanceCount ?? 0), 0);
  }
  assert.equal('idleVcpuSeconds' in fixedOf(plans.one), false);
  const waiting = changed(FUNCTION, (inputs) => ({
    ...inputs,
    serviceConfig: { ...(inputs.serviceConfig as object), minInstanceCount: 1 },
  }));
  assert.ok(costOf(idle, waiting) > 10, `${costOf(idle, waiting)}`);
});

test('a Cloud Run service bills by standing there only where instances are kept ready', () => {
  const service = (minInstanceCount: number) => {
    const containers = [{ image: 'scratch', resources: { limits: { cpu: '1', memory: '1Gi' } } }];
    const inputs = { template: { scaling: { minInstanceCount }, containers } };
    return fixedOf([{ type: 'gcp:cloudrunv2/service:Service', name: 'sample', inputs }]);
  };
  assert.equal('idleVcpuSeconds' in service(0), false);
  assert.equal(service(0).imageGib ?? 0, 0);
  assert.ok((service(2).idleVcpuSeconds ?? 0) > 5_000_000);
  assert.equal(service(2).idleVcpuSeconds, service(2).idleGibSeconds);
});

test('a resource without a price is an error that names it', () => {
  const plan = [
    ...plans.one,
    { type: 'gcp:sql/databaseInstance:DatabaseInstance', name: 'ledger', inputs: {} },
  ];
  assert.throws(
    () => fixedOf(plan),
    /no price is declared for ledger \(gcp:sql\/databaseInstance:DatabaseInstance\)/,
  );
});

test('what is added to the program is added to the bill', () => {
  const status = (type: string, inputs: PlannedResource['inputs']) => fixedOf([{ type, name: 'x', inputs }]);
  assert.equal(status('gcp:cloudscheduler/job:Job', {}).schedules, 1);
  assert.equal(status('gcp:kms/cryptoKey:CryptoKey', {}).keyVersions, 1);
  // Four times a year: the first version and four more.
  assert.equal(status('gcp:kms/cryptoKey:CryptoKey', { rotationPeriod: '7776000s' }).keyVersions, 5);
  assert.equal(
    fixedOf([{ type: 'gcp:kms/cryptoKey:CryptoKey', name: 'x', inputs: { rotationPeriod: '7776000s' } }], 3)
      .keyVersions,
    13,
  );
});

test('an idle month costs at most a dollar in each checked year, although key versions accumulate', () => {
  const years = yearsOf(plans, measured);
  const checked = years.filter(({ year }) => year <= CHECKED_YEARS);
  assert.equal(checked.length, CHECKED_YEARS);
  for (const { year, idleDollars } of checked) assert.ok(idleDollars <= 1, `year ${year}: ${idleDollars}`);
  assert.ok(years.every(({ keyVersions }, at) => keyVersions > (years[at - 1]?.keyVersions ?? 0)));
});

describe('alerts', () => {
  const policy = (condition: object): readonly PlannedResource[] => [
    {
      type: 'gcp:monitoring/alertPolicy:AlertPolicy',
      name: 'x',
      inputs: { conditions: [{ displayName: 'x', ...condition }] },
    },
  ];
  const summed = (...groupByFields: string[]) =>
    policy({
      conditionThreshold: { filter: '', aggregations: [{ crossSeriesReducer: 'SUM', groupByFields }] },
    });
  const QUERIES = 87_600;

  test('look at one series, or one for each pipeline where they group by it', () => {
    assert.equal(alertsOf(summed(), 1000).alertPoints, QUERIES);
    assert.equal(alertsOf(summed('metric.labels.pipeline'), 1000).alertPoints, 1000 * QUERIES);
    assert.equal(alertsOf(summed('metric.labels.pipeline'), 1000).alertReferences, 1);
  });

  test('look at each dead letter on its own', () => {
    const { alertPoints = 0 } = alertsOf(
      plans.one.filter(({ name, type }) => name === 'alert-dead-letters' || /Subscription$/.test(type)),
      1,
    );
    assert.equal(alertPoints, 4 * QUERIES);
  });

  test('refer to no metric where they wait for a line', () => {
    assert.deepEqual(alertsOf(policy({ conditionMatchedLog: { filter: 'x' } }), 1000), {
      alertConditions: 1,
    });
  });

  test('are an error if the number of series that they read is unknown', () => {
    assert.throws(
      () => alertsOf(summed('metric.labels.outcome'), 1),
      /the number of series that the alert "x" reads is unknown/,
    );
  });

  test('are in no sum until they are charged, and each reading of their price is computed', () => {
    const { dollars, readings } = billOf(alertsOf(plans.one, 1), { free: true });
    assert.equal(dollars, 0);
    assert.ok(readings.conditions > 5 * 1.5 && readings.references > 4 * 0.35 && readings.minutes === 0);
  });
});

describe('metrics of our own', () => {
  const usage = (pipelines: number, changes = 30) =>
    usageOf({ name: '', pipelines, changes }, plans, measured);
  const near = (found: number | undefined, expected: number) =>
    assert.ok(Math.abs((found ?? 0) / expected - 1) < 1e-9, `${found}, not ${expected}`);
  const MIB = 1024 ** 2;
  const MINUTES = 43_800;

  test('have a point for each line: a look, a sweep, and of a run one count and four distributions', () => {
    const sweeps = 4380 * 8;
    const each = 730 * 8 + 30 * (8 + 8 + 4 * 80);
    near(usage(1).metricMib, (sweeps + each) / MIB);
    near(usage(1000).metricMib, (sweeps + 1000 * each) / MIB);
    near(usage(1, 0).metricMib, (sweeps + 730 * 8) / MIB);
  });

  test('or have one in every minute for each series, and a series for each pipeline', () => {
    // Looks without a change and with one, ends of runs, and four distributions.
    const each = (3 * 8 + 4 * 80) * MINUTES;
    near(usage(1).metricMibByMinute, (8 * MINUTES + each) / MIB);
    near(usage(1000).metricMibByMinute, (8 * MINUTES + 1000 * each) / MIB);
    near(usage(1, 0).metricMibByMinute, (2 * 8 * MINUTES) / MIB);
  });

  test('must be metrics of the program', () => {
    const points = [{ metric: 'sluice-none', labels: {}, lines: 1 }];
    const other = { ...measured, tick: { ...measured.tick, points } };
    assert.throws(
      () => usageOf({ name: '', pipelines: 1, changes: 0 }, plans, other),
      /a metric sluice-none, and the program has none/,
    );
  });
});

test('spans are counted by changes, and most months have them free', () => {
  assert.ok(measured.change.spans > 10 && measured.tick.spans === 0 && measured.sweep.spans === 0);
  const { spans = 0 } = usageOf({ name: '', pipelines: 1000, changes: 30 }, plans, measured);
  assert.equal(spans, measured.change.spans * 30_000);
});

test('a schedule fires as often as its cron line says, however rarely', () => {
  const ticks = (schedule: string) => {
    const schedules = plans.one.map((each) =>
      each.inputs.name === 'tick-carmila' ? { ...each, inputs: { ...each.inputs, schedule } } : each,
    );
    return Number((firesOf(schedules).tick * 12).toFixed(2));
  };
  assert.equal(ticks('0 * * * *'), 24 * 365);
  assert.equal(ticks('0 6 * * 1'), 52.14);
  assert.equal(ticks('0 6 * * 1-5'), 260.71);
  assert.equal(ticks('0 6,18 1 * *'), 23.98);
  assert.equal(ticks('0 6 1 1 *'), 1);
  // Both named: on the 1st, and on every Monday.
  assert.equal(ticks('0 6 1 * 1'), 62.42);
});

test('more memory, or a shorter retention, is another bill', () => {
  const larger = changed(FUNCTION, (inputs) => ({
    ...inputs,
    serviceConfig: { ...(inputs.serviceConfig as object), availableMemory: '2Gi' },
  }));
  assert.ok(costOf(idle, larger) > costOf(idle));
  const briefly = changed('gcp:storage/bucket:Bucket', (inputs) => ({
    ...inputs,
    lifecycleRules: [{ action: { type: 'Delete' }, condition: { age: 1 } }],
  }));
  assert.ok(costOf(daily, briefly) < costOf(daily));
});

/** The plans with every resource of a type changed. */
function changed(
  type: string,
  change: (inputs: PlannedResource['inputs']) => PlannedResource['inputs'],
): Plans {
  const each = (plan: Plans['one']) =>
    plan.map((resource) =>
      resource.type === type ? { ...resource, inputs: change(resource.inputs) } : resource,
    );
  return { one: each(plans.one), two: each(plans.two) };
}

test('a run bills fewer function-seconds than a function that waits for the job', () => {
  const { mesh, old, oldAtWorst } = waitingOf(plans, measured);
  assert.ok(mesh > 1 && mesh < old && old < oldAtWorst, `${mesh} ${old} ${oldAtWorst}`);
});

test('the measurement knows every function of the program', () => {
  const functions = plans.one.filter(({ type }) => type === FUNCTION).map(({ name }) => name);
  assert.deepEqual(Object.keys(measured.startCpuSeconds).sort(), functions.toSorted());
});

test('every price names its page', () => {
  for (const price of Object.values(PRICES) as Price[]) {
    assert.match(price.source, /^https:\/\/cloud\.google\.com\//);
    assert.ok(price.dollars > 0 && price.free >= 0);
  }
});

test('a call is counted in the class that Google bills it in', () => {
  const bucket = '/storage/v1/b/runs';
  assert.equal(kindOf('GET', `${bucket}/o`), 'storageWrites');
  assert.equal(kindOf('GET', `${bucket}/o/carmila%2Fstate.json`), 'storageReads');
  assert.equal(kindOf('POST', `/upload${bucket}/o`), 'storageWrites');
  assert.equal(kindOf('PUT', `/upload${bucket}/o`), undefined, 'a part of an upload that was counted');
  assert.equal(kindOf('DELETE', `${bucket}/o/carmila%2Flease.json`), undefined, 'deletions are free');
  assert.equal(kindOf('GET', '/drive/v3/files'), 'drive');
  assert.equal(kindOf('POST', '/bigquery/v2/projects/p/jobs'), 'bigquery');
  assert.equal(kindOf('POST', '/v1/projects/p/topics/run-requested:publish'), 'pubsub');
  assert.equal(kindOf('POST', '/v2/projects/p/locations/l/jobs/j:run'), 'run');
  assert.equal(kindOf('POST', '/v1/traces'), 'traces');
  assert.equal(kindOf('GET', '/computeMetadata/v1/instance'), undefined);
});
