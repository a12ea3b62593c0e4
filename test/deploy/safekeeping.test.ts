// That the plan keeps data safe: every bucket, dataset, table, topic and key, whichever they are.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { DAYS_KEPT, INPUT_DAYS_KEPT } from '../../shared/deployment.ts';
import { frozenObject, stateObject, leaseObject, outcomeObject } from '../../shared/runs/names.ts';

type Inputs = Readonly<Record<string, unknown>>;

const planFor = (config: Readonly<Record<string, string>>) =>
  planResources({
    config: { 'gcp:project': 'kept-data', 'carmila:driveFolderId': 'folder', ...config },
    functionUrl: (name) => `https://example.org/${name}`,
  });

let plan: readonly PlannedResource[];
before(async () => {
  plan = await planFor({});
});

const ofType = (type: string): readonly PlannedResource[] => {
  const found = plan.filter((resource) => resource.type === `gcp:${type}`);
  assert.ok(found.length > 0, `the plan has no ${type}`);
  return found;
};
const part = (inputs: Inputs, key: string) => inputs[key] as Inputs;
const keyIn = (location: string) =>
  `projects/kept-data/locations/${location}/keyRings/sluice/cryptoKeys/sluice`;
const DAY_SECONDS = 86_400;

describe('every bucket', () => {
  const buckets = () => ofType('storage/bucket:Bucket');

  test('is encrypted with the key of its location, uniformly accessed, and never public', () => {
    for (const { name, inputs } of buckets()) {
      assert.equal(part(inputs, 'encryption').defaultKmsKeyName, keyIn('europe'), name);
      assert.equal(inputs.uniformBucketLevelAccess, true, name);
      assert.equal(inputs.publicAccessPrevention, 'enforced', name);
    }
  });

  test('says how long what was deleted can be brought back', () => {
    const days = buckets().map(({ name, inputs }) => [
      name,
      Number(part(inputs, 'softDeletePolicy').retentionDurationSeconds) / DAY_SECONDS,
    ]);
    for (const [name, count] of days)
      assert.ok(count === 0 || (Number(count) >= 7 && Number(count) <= 90), `${name}`);
    const sorted = days.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    assert.deepEqual(sorted, [
      ['audit', 30],
      ['exports', 30],
      ['results', 30],
      ['runs', 30],
      ['source', 0],
      // What can be made again is not kept.
      ['training-cache', 0],
    ]);
  });

  test('that holds data survives a destroyed program, and has a bound on how long it grows', () => {
    for (const { name, inputs } of buckets()) {
      assert.equal(inputs.forceDestroy, false, name);
      if (name === 'source') continue;
      assert.equal(inputs.deletionPolicy, 'PREVENT', name);
      const isBound = 'lifecycleRules' in inputs || 'retentionPolicy' in inputs;
      assert.equal(isBound, true, name);
    }
  });

  test('with versions deletes those that were replaced', () => {
    const versioned = buckets().filter(({ inputs }) => 'versioning' in inputs);
    assert.deepEqual(
      versioned.map(({ name }) => name),
      ['runs'],
    );
    for (const { inputs } of versioned) {
      const conditions = (inputs.lifecycleRules as Inputs[]).map((rule) => part(rule, 'condition'));
      assert.ok(conditions.some(({ daysSinceNoncurrentTime }) => Number(daysSinceNoncurrentTime) <= 30));
    }
  });
});

describe('what a bucket deletes by itself', () => {
  const rulesOf = (bucket: string) => {
    const [found] = ofType('storage/bucket:Bucket').filter(({ name }) => name === bucket);
    const rules = (found?.inputs.lifecycleRules ?? []) as Inputs[];
    for (const rule of rules) assert.deepEqual(rule.action, { type: 'Delete' });
    return rules.map((rule) => part(rule, 'condition'));
  };
  const suffixesOf = (condition: Inputs) => (condition.matchesSuffixes ?? ['']) as string[];

  test('in runs: frozen sources by their name and age; all else by the time that it bears', () => {
    const byAge = rulesOf('runs').filter(({ age }) => age !== undefined);
    assert.deepEqual(
      byAge.map(({ age }) => age),
      [INPUT_DAYS_KEPT],
    );
    const isDeletedByAge = (name: string) =>
      byAge.some((condition) => suffixesOf(condition).some((suffix) => name.endsWith(suffix)));
    const run = '000001-3fa9c1d2';
    assert.equal(isDeletedByAge(frozenObject('carmila', run, 'flux', 1)), true);
    for (const name of [stateObject('carmila'), leaseObject('carmila'), outcomeObject('carmila', run)]) {
      assert.equal(isDeletedByAge(name), false, name);
    }
    assert.ok(rulesOf('runs').some(({ daysSinceCustomTime }) => daysSinceCustomTime === DAYS_KEPT));
  });

  test('in results and models: all, by age', () => {
    for (const bucket of ['results', 'training-cache'])
      assert.deepEqual(rulesOf(bucket), [{ age: DAYS_KEPT }]);
  });

  test('in the audit record: nothing', () => assert.deepEqual(rulesOf('audit'), []));
});

describe('every dataset', () => {
  test('is encrypted, and says how far back its time can be travelled', () => {
    for (const { name, inputs } of ofType('bigquery/dataset:Dataset')) {
      assert.equal(part(inputs, 'defaultEncryptionConfiguration').kmsKeyName, keyIn('europe'), name);
      const isStaging = name.endsWith('_staging');
      assert.equal(inputs.maxTimeTravelHours, isStaging ? '48' : '168', name);
      assert.equal(inputs.deletionPolicy, isStaging ? undefined : 'PREVENT', name);
      assert.equal(inputs.deleteContentsOnDestroy, isStaging, name);
      assert.equal(inputs.defaultTableExpirationMs, isStaging ? DAY_SECONDS * 1000 : undefined, name);
    }
  });

  test('has tables that are encrypted and that no program deletes; its views hold nothing', () => {
    for (const { name, inputs } of ofType('bigquery/table:Table')) {
      if ('view' in inputs) continue;
      assert.equal(part(inputs, 'encryptionConfiguration').kmsKeyName, keyIn('europe'), name);
      assert.equal(inputs.deletionProtection, true, name);
    }
  });
});

describe('every topic', () => {
  test('is encrypted with the key of the data, and stores its messages in the region', () => {
    for (const { name, inputs } of ofType('pubsub/topic:Topic')) {
      assert.equal(inputs.kmsKeyName, keyIn('europe'), name);
      assert.deepEqual(inputs.messageStoragePolicy, { allowedPersistenceRegions: ['europe-west1'] }, name);
    }
  });
});

describe('every key', () => {
  test('is rotated each quarter, and no program destroys it', () => {
    for (const { name, inputs } of ofType('kms/cryptoKey:CryptoKey')) {
      assert.equal(inputs.rotationPeriod, `${90 * DAY_SECONDS}s`, name);
      assert.equal(inputs.deletionPolicy, 'PREVENT', name);
      assert.equal(inputs.destroyScheduledDuration, `${120 * DAY_SECONDS}s`, name);
    }
  });

  test('may be used by the agents of the services that encrypt with it, and by no others', () => {
    const members = ofType('kms/cryptoKeyIAMMember:CryptoKeyIAMMember').map(({ inputs }) => [
      inputs.cryptoKeyId,
      inputs.role,
      String(inputs.member).replace(/^serviceAccount:(bq|service)-\d+@/, ''),
    ]);
    const role = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
    assert.deepEqual(members.toSorted(), [
      [keyIn('europe'), role, 'bigquery-encryption.iam.gserviceaccount.com'],
      [keyIn('europe'), role, 'gcp-sa-pubsub.iam.gserviceaccount.com'],
      [keyIn('europe'), role, 'gs-project-accounts.iam.gserviceaccount.com'],
    ]);
  });

  test('is one, where the data lie, wherever functions run', async () => {
    const ringsFor = async (location: string, region: string) =>
      (await planFor({ 'sluice:location': location, 'gcp:region': region }))
        .filter(({ type }) => type === 'gcp:kms/cryptoKey:CryptoKey')
        .map(({ inputs }) => String(inputs.keyRing).split('/')[3]);
    assert.deepEqual(await ringsFor('EU', 'europe-west9'), ['europe']);
    assert.deepEqual(await ringsFor('europe-west9', 'europe-west9'), ['europe-west9']);
    assert.deepEqual(await ringsFor('europe-west9', 'europe-west1'), ['europe-west9']);
    assert.deepEqual(await ringsFor('US', 'europe-west1'), ['us']);
  });
});
