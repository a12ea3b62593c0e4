// The unmodified gcloud against the local Pub/Sub.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { systemClock } from '../../../local/clock.ts';
import { createApi, OPERATOR } from '../../../local/http/api.ts';
import { allowAll } from '../../../local/iam/authorize.ts';
import { randomIds } from '../../../local/ids.ts';
import { postOverHttp, sendOverHttp } from '../../../local/pubsub/post.ts';
import { PubSub } from '../../../local/pubsub/pubsub.ts';
import { pubsubRoutes } from '../../../local/pubsub/routes.ts';
import { schedulerRoutes } from '../../../local/scheduler/routes.ts';
import { Scheduler } from '../../../local/scheduler/scheduler.ts';
import { memoryState } from '../../../local/state/state.ts';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const run = promisify(execFile);

const onPath = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'gcloud'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

test(
  'gcloud makes a topic and a subscription, publishes, pulls, and schedules',
  { skip: !onPath && 'gcloud is not on PATH' },
  async (t) => {
    const state = memoryState();
    const mintIdToken = async () => 'token';
    const parts = { state, clock: systemClock, newId: randomIds, chance: Math.random, mintIdToken };
    const api = createApi();
    pubsubRoutes(api.app, new PubSub({ ...parts, post: postOverHttp }), allowAll);
    schedulerRoutes(api.app, new Scheduler({ ...parts, send: sendOverHttp }), allowAll);
    const endpoint = `http://127.0.0.1:${await api.listenAs(OPERATOR)}/`;
    const config = mkdtempSync(join(tmpdir(), 'sluice-gcloud-'));
    t.after(async () => {
      rmSync(config, { recursive: true });
      await api.close();
    });
    const env = {
      ...process.env,
      CLOUDSDK_CONFIG: config,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_PROJECT: 'p',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: endpoint,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDSCHEDULER: endpoint,
    };
    const gcloud = async (words: string, ...more: string[]): Promise<unknown> => {
      const given = [...words.split(' '), ...more, '--format=json'];
      const { stdout } = await run('gcloud', given, { env, timeout: LONGEST_PROCESS_MS });
      return JSON.parse(stdout || 'null');
    };

    await gcloud('pubsub topics create run-requested');
    await gcloud('pubsub subscriptions create by-hand --topic=run-requested --ack-deadline=60');
    await gcloud('pubsub topics publish run-requested --message=hello --attribute=run=r1');
    const pulled = await gcloud('pubsub subscriptions pull by-hand --auto-ack');
    const [{ message }] = pulled as [{ message: { data: string; attributes: object } }];
    assert.equal(Buffer.from(message.data, 'base64').toString(), 'hello');
    assert.deepEqual(message.attributes, { run: 'r1' });

    const job = 'scheduler jobs create http tick --location=europe-west1 --uri=http://127.0.0.1:9/';
    const made = await gcloud(job, '--schedule=0 * * * *');
    assert.equal((made as { schedule: string }).schedule, '0 * * * *');
  },
);
