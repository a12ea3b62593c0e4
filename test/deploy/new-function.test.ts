// A new function is a new folder: in a copy of the tree with two of them added and nothing else touched, all follows from them.
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { PlannedResource } from '../../infra/plan.ts';
import { until } from '../waiting.ts';
import { BUNDLES, bundled, extended } from './extended-copy.ts';
import { FUNCTION, SERVICE } from './sample-functions.ts';

const CONFIG = {
  'gcp:project': 'contract',
  'carmila:driveFolderId': 'folder',
  'sluice:operators': 'user:ada@example.org',
  'sluice:patienceSeconds': '9',
};

let plan: readonly PlannedResource[];
before(async () => {
  plan = await extended.plan(CONFIG);
});

const inputsOf = (type: string, name: string): Record<string, unknown> => {
  const found = plan.find((each) => each.type === `gcp:${type}` && each.name === name);
  assert.ok(found, `the program plans no ${type} ${name}`);
  return found.inputs;
};
const names = (pattern: RegExp) =>
  plan.flatMap(({ name, type }) => (pattern.test(name) ? [`${type.split(':').at(-1)} ${name}`] : []));

describe('the program plans', () => {
  test('a Cloud Function for one, with its size, closed to the internet as far as its callers allow', () => {
    const service = inputsOf('cloudfunctionsv2/function:Function', FUNCTION).serviceConfig;
    assert.deepEqual(service, {
      serviceAccountEmail: `sluice-${FUNCTION}@contract.iam.gserviceaccount.com`,
      timeoutSeconds: 540,
      availableMemory: '512Mi',
      availableCpu: '0.333',
      maxInstanceRequestConcurrency: 1,
      minInstanceCount: 0,
      maxInstanceCount: 5,
      ingressSettings: 'ALLOW_ALL',
      environmentVariables: { GOOGLE_CLOUD_PROJECT: 'contract', PIPELINES: 'carmila' },
    });
  });

  test('a Cloud Run service for the other, from its bundle on the base image of Node', () => {
    const { template, ...service } = inputsOf('cloudrunv2/service:Service', SERVICE);
    assert.equal(service.ingress, 'INGRESS_TRAFFIC_ALL');
    const { containers, ...rest } = template as { containers: readonly Record<string, unknown>[] };
    assert.deepEqual(rest, {
      serviceAccount: `sluice-${SERVICE}@contract.iam.gserviceaccount.com`,
      timeout: '540s',
      maxInstanceRequestConcurrency: 8,
      scaling: { minInstanceCount: 0, maxInstanceCount: 3 },
    });
    const [container] = containers;
    assert.equal(containers.length, 1);
    assert.deepEqual(container?.resources, { limits: { cpu: '1', memory: '1Gi' }, cpuIdle: true });
    assert.equal(container.image, 'scratch');
    assert.match(String(container.baseImageUri), /^europe-west1-docker\.pkg\.dev\/.*\/nodejs24$/);
    assert.deepEqual([container.commands, container.args], [['node'], ['framework/start.cjs']]);
    assert.deepEqual(variables(), {
      GOOGLE_CLOUD_PROJECT: 'contract',
      PIPELINES: 'carmila',
      RUNS_BUCKET: 'contract-sluice-runs',
      QUESTION_ASKED_TOPIC: 'question-asked',
      COUNT_ANSWERS_URL: `https://${FUNCTION}.example`,
      PATIENCE_SECONDS: '9',
      FUNCTION_TARGET: SERVICE,
    });
  });

  test('their identities, rights, callers and messages, and no more', () => {
    assert.deepEqual(names(/answer-?questions|count-?answers|question-asked/i).toSorted(), [
      'Account answer-questions',
      'Account count-answers',
      'BucketIAMMember answerQuestions-adds-runs',
      'BucketObject source-answer-questions',
      'BucketObject source-count-answers',
      'Function count-answers',
      'IAMMember answerQuestions-traces',
      'IAMMember countAnswers-traces',
      'Service answer-questions',
      'ServiceIamMember answer-questions-pubsub-invoker-invoker',
      'ServiceIamMember answer-questions-user:ada@example.org-invoker',
      'ServiceIamMember count-answers-answerQuestions-invoker',
      'Subscription question-asked-to-answer-questions',
      'Subscription question-asked-to-answer-questions-dead-letter',
      'SubscriptionIAMMember question-asked-to-answer-questions-agent',
      'SubscriptionIAMMember question-asked-to-answer-questions-dead-letter-handleCommands',
      'SubscriptionIAMMember user:ada@example.org-reads-question-asked-to-answer-questions-dead-letter',
      'Topic question-asked',
      'Topic question-asked-to-answer-questions-dead-letter',
      'TopicIAMMember answerQuestions-question-asked',
      'TopicIAMMember handleCommands-question-asked',
      'TopicIAMMember question-asked-to-answer-questions-dead-letter-agent',
    ]);
  });
});

/** The environment of the service. */
function variables(): Readonly<Record<string, string>> {
  const { containers } = inputsOf('cloudrunv2/service:Service', SERVICE).template as {
    containers: readonly { envs: readonly { name: string; value: string }[] }[];
  };
  return Object.fromEntries((containers[0]?.envs ?? []).map(({ name, value }) => [name, value]));
}

test('both are bundled, and the service starts from its archive as Cloud Run starts it', async () => {
  await bundled();
  const [bundles, source] = [join(extended.folder, BUNDLES), mkdtempSync(join(extended.folder, 'source-'))];
  await promisify(execFile)('tar', ['-tzf', join(bundles, `${SERVICE}.tar.gz`)]);
  await promisify(execFile)('tar', ['-xzf', join(bundles, `${SERVICE}.tar.gz`), '-C', source]);
  await promisify(execFile)('test', ['-f', join(bundles, `${FUNCTION}.zip`)]);
  const { args } = (
    inputsOf('cloudrunv2/service:Service', SERVICE).template as { containers: { args: string[] }[] }
  ).containers[0] ?? { args: [] };
  const port = String(await freePort());
  const service = spawn(process.execPath, args, {
    cwd: source,
    env: { ...variables(), PORT: port, METADATA_SERVER_DETECTION: 'none' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const answer = await until('the answer of the service', () => ask(`http://127.0.0.1:${port}/`, service));
    assert.deepEqual(answer, { patience: 9, bucket: 'contract-sluice-runs' });
  } finally {
    service.kill();
  }
});

async function ask(url: string, service: ChildProcess): Promise<unknown> {
  assert.equal(service.exitCode, null, 'the service ended');
  const answer = await fetch(url).catch(() => undefined);
  return answer?.json();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
