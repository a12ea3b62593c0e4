// What a deployed function receives besides its ports: the pipelines, the clock, ids, waits, its log and its traces.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Env } from '../config.ts';
import type { Process } from '../functions/adapters.ts';
import { createLog } from '../logging.ts';
import { deployedOf } from '../pipelines/deployed.ts';
import { loadPipelines } from '../pipelines/registry.ts';
import { lazyTracing } from './lazy-tracing.ts';

/** The pipelines are those that the environment lists. */
export const processIn = (env: Env): Process => ({
  pipelines: deployedOf(loadPipelines(), env),
  now: () => Date.now(),
  newId: () => randomUUID(),
  wait: (ms, signal) => wait(ms, undefined, signal && { signal }),
  createLog,
  openTracing: lazyTracing,
});
