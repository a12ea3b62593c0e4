// What the mesh costs: the committed page is what the program and the measurement come to, and nothing hides in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { readMeasured, type Measured } from '../../bench/cost/measured.ts';
import { usageOf, type Plans } from '../../bench/cost/month.ts';
import { MONTHS, pagesOf } from '../../bench/cost/page.ts';
import { plansOf } from '../../bench/cost/plans.ts';
import { billOf, PRICES, type Price } from '../../bench/cost/prices.ts';
import { standingOf } from '../../bench/cost/standing.ts';
import { waitingOf } from '../../bench/cost/waiting.ts';
import { kindOf } from '../../bench/cost/watch.ts';
import type { PlannedResource } from '../../infra/plan.ts';

const DOCS = new URL('../../docs/', import.meta.url);
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

test('the page and its picture are what npm run cost would write', () => {
  const { markdown, picture } = pagesOf(plans, measured);
  const why = 'the program or the measurement has changed: npm run cost writes the page again';
  assert.equal(readFileSync(new URL('COST.md', DOCS), 'utf8'), markdown, why);
  assert.equal(readFileSync(new URL('cost.svg', DOCS), 'utf8'), picture, why);
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
  assert.equal('idleVcpuSeconds' in standingOf(plans.one), false);
  const waiting = changed(FUNCTION, (inputs) => ({
    ...inputs,
    serviceConfig: { ...(inputs.serviceConfig as object), minInstanceCount: 1 },
  }));
  assert.ok(costOf(idle, waiting) > 10, `${costOf(idle, waiting)}`);
});

test('a resource that nobody has said the price of is an error that names it', () => {
  const plan = [
    ...plans.one,
    { type: 'gcp:sql/databaseInstance:DatabaseInstance', name: 'ledger', inputs: {} },
  ];
  assert.throws(
    () => standingOf(plan),
    /nobody has said what it costs: ledger \(gcp:sql\/databaseInstance:DatabaseInstance\)/,
  );
});

test('what is added to the program is added to the bill', () => {
  const standing = (type: string, inputs: PlannedResource['inputs']) =>
    standingOf([{ type, name: 'x', inputs }]);
  assert.equal(standing('gcp:cloudscheduler/job:Job', {}).schedules, 1);
  assert.equal(standing('gcp:kms/cryptoKey:CryptoKey', {}).keyVersions, 1);
  // Four times a year: the first version and four more.
  assert.equal(standing('gcp:kms/cryptoKey:CryptoKey', { rotationPeriod: '7776000s' }).keyVersions, 5);
  const alert = standing('gcp:monitoring/alertPolicy:AlertPolicy', { conditions: [{}, {}] });
  assert.equal(alert.alertConditions, 2);
  assert.equal(billOf(alert, { free: true }).dollars, 0);
  assert.ok(billOf(alert, { free: true }).announcedDollars > 3);
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
  assert.equal(kindOf('GET', `${bucket}/o/carmila%2Fhead.json`), 'storageReads');
  assert.equal(kindOf('POST', `/upload${bucket}/o`), 'storageWrites');
  assert.equal(kindOf('PUT', `/upload${bucket}/o`), undefined, 'a part of an upload that was counted');
  assert.equal(kindOf('DELETE', `${bucket}/o/carmila%2Flease.json`), undefined, 'deletions are free');
  assert.equal(kindOf('GET', '/drive/v3/files'), 'drive');
  assert.equal(kindOf('POST', '/bigquery/v2/projects/p/jobs'), 'bigquery');
  assert.equal(kindOf('POST', '/v1/projects/p/topics/run-requested:publish'), 'pubsub');
  assert.equal(kindOf('POST', '/v2/projects/p/locations/l/jobs/j:run'), 'run');
  assert.equal(kindOf('GET', '/computeMetadata/v1/instance'), undefined);
});
