// What a deployed function is handed besides its ports: the pipelines, the clock, ids, waits, its log and its traces.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Process } from '../functions/adapters.ts';
import { createLog } from '../logging.ts';
import { loadPipelines } from '../pipelines/registry.ts';
import { openTracing } from './tracing.ts';

export const thisProcess: Process = {
  pipelines: loadPipelines(),
  now: () => Date.now(),
  newId: () => randomUUID(),
  wait: (ms) => wait(ms),
  createLog,
  openTracing,
};
