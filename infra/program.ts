// Deploys everything, in the order of dependencies.
import { createAlerts } from './alerts.ts';
import { createDashboard } from './dashboard.ts';
import { allowBuilding } from './building.ts';
import { createKeys } from './encryption.ts';
import { createFunctions } from './functions.ts';
import { createRegistries } from './images.ts';
import { grantRights } from './grants.ts';
import { createIdentities } from './identities.ts';
import { createJobs } from './jobs.ts';
import { createTopics } from './messaging.ts';
import { createJobLogs } from './job-logs.ts';
import { createMetrics } from './metrics.ts';
import { createNotifications } from './notifications.ts';
import { letOperatorsWork } from './operators.ts';
import { createRoles } from './roles.ts';
import { createSchedules } from './schedules.ts';
import type { Settings } from './settings.ts';
import type { SourceOf } from './sources.ts';
import { createBucketWatcher } from './source-buckets.ts';
import { createBuckets } from './storage.ts';
import { letFunctionsTrace } from './tracing.ts';
import { createWarehouse } from './warehouse.ts';

export function deploy(settings: Settings, sourceOf: SourceOf): void {
  const identities = createIdentities(settings.functions);
  letFunctionsTrace(settings, identities);
  const roles = createRoles();
  const keys = createKeys(settings);
  const buckets = createBuckets(settings, keys);
  const bucketWatcher = createBucketWatcher(settings);
  const topics = createTopics(settings, identities, keys);
  createNotifications(settings, buckets, topics);
  const warehouse = createWarehouse(settings, keys);
  const jobLogs = createJobLogs(settings);
  const registries = createRegistries(settings);
  const jobs = createJobs(settings, roles, buckets, registries.jobs);
  const mayBuild = allowBuilding(identities, registries.functions, settings);
  const functions = createFunctions({ settings, identities, buckets, topics, keys }, mayBuild, sourceOf);
  const stores = { buckets, bucketWatcher, topics, warehouse, jobLogs };
  grantRights({ settings, identities, roles, ...stores, jobs, functions });
  letOperatorsWork(settings, { roles, ...stores, functions });
  createSchedules(settings, identities, functions);
  const metrics = createMetrics(settings);
  createDashboard(settings, metrics);
  createAlerts(settings, metrics);
}
