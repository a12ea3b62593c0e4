// All that is deployed, in the order in which one needs the other.
import { createAlerts } from './alerts.ts';
import { createDashboard } from './dashboard.ts';
import { createFunctions } from './functions.ts';
import { createIdentities } from './identities.ts';
import { createJob } from './jobs.ts';
import { createTopics } from './messaging.ts';
import { createMetrics } from './metrics.ts';
import { createSchedules } from './schedules.ts';
import type { Settings } from './settings.ts';
import { createBuckets } from './storage.ts';
import { letFunctionsTrace } from './tracing.ts';
import { createWarehouse } from './warehouse.ts';

export function deploy(settings: Settings): void {
  const identities = createIdentities();
  letFunctionsTrace(settings, identities);
  const buckets = createBuckets(settings, identities);
  const topics = createTopics(settings, identities, buckets);
  createWarehouse(settings, identities);
  for (const pipeline of settings.pipelines) createJob(settings, pipeline, identities, buckets);
  const functions = createFunctions(settings, identities, buckets, topics);
  createSchedules(settings, identities, functions);
  const metrics = createMetrics();
  createDashboard(metrics);
  createAlerts(settings, metrics);
}
