// A process of the requests bench: one of the two functions behind the framework, over a store at an address.
// Called as `server.ts accept|read <address of the store>`; to each message it answers the processor time that it took.
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { composeAcceptRequests } from '../../functions/accept-requests/compose.ts';
import { composeReadRequests } from '../../functions/read-requests/compose.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../shared/google/token-keys.ts';
import { register } from '../../shared/http/register.ts';
import { createLog } from '../../shared/logging.ts';
import { AUDIENCE, benchPipeline } from './sample.ts';

const [role = '', endpoint = ''] = process.argv.slice(2);
/** What a publication takes; it is waited for, and costs this process nothing here: the bench counts it apart. */
const HINT_MS = 5;

const pipeline = benchPipeline();
let hints = 0;
const adapters = {
  objects: thinStore,
  tokenKeys,
  topic: () => ({
    async publish() {
      hints += 1;
      await wait(HINT_MS);
    },
  }),
  links: () => ({ sign: () => Promise.reject(new Error('no links in this bench')) }),
  pipelines: new Map([[pipeline.name, pipeline]]),
  now: () => Date.now(),
  newId: () => 'bench',
  wait: (ms: number) => wait(ms, undefined, { ref: false }),
  // Lines are made and written as always, to an output that goes nowhere.
  createLog,
  openTracing: () => ({ during: <T>(work: () => Promise<T>) => work() }),
};
const config = {
  GOOGLE_CLOUD_PROJECT: 'bench-project',
  GOOGLE_API_ENDPOINT: endpoint,
  ...{ RUNS_BUCKET: 'runs', REQUESTS_BUCKET: 'requests', AUDIT_BUCKET: 'audit', RESULTS_BUCKET: 'results' },
  RUN_REQUESTED_TOPIC: 'run-requested',
  ...{ API_AUDIENCES: [AUDIENCE], CORS_ORIGINS: [], IDENTITY_PLATFORM_PROJECT: '' },
  SAMPLE_CALLERS: 'domain:example.com',
};
register(
  http,
  'bench',
  role === 'accept' ? composeAcceptRequests(config, adapters) : composeReadRequests(config, adapters),
);

process.on('disconnect', () => process.exit());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, hints });
});
const server = getTestServer('bench');
server.keepAliveTimeout = 300_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
