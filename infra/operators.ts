// The rights of the stack's operators: read everything, request polls and replays, and give commands.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import { LOAD_REQUESTED } from '../shared/deployment.ts';
import { publishesObjects } from '../shared/pipelines/outputs.ts';
import { takesRequests } from '../shared/pipelines/pipeline.ts';
import { allowInvoking } from './callers.ts';
import type { Functions } from './functions.ts';
import { letReadJobLogs, type JobLogs } from './job-logs.ts';
import type { Topics } from './messaging.ts';
import type { Roles } from './roles.ts';
import type { Settings } from './settings.ts';
import { bucketNamed, type Buckets } from './storage.ts';
import type { Warehouse } from './warehouse.ts';

interface Parts {
  readonly roles: Roles;
  readonly buckets: Buckets;
  readonly topics: Topics;
  readonly warehouse: Warehouse;
  readonly jobLogs: JobLogs;
  readonly functions: Functions;
}

/**
 * The rights that the commands of `docs/RUNBOOK.md` need, and no more: changes go through handle-commands, which records
 * them. A restore needs more rights, which are granted when it is needed (docs/RESTORE.md).
 */
export function letOperatorsWork(settings: Settings, parts: Parts): void {
  const { operators, project, functions: declared, pipelines } = settings;
  const { roles, buckets, topics, warehouse, jobLogs, functions } = parts;
  for (const member of operators) {
    for (const { name, calledBy } of declared.values()) {
      if (calledBy.some(({ kind }) => kind === 'operators'))
        allowInvoking(functions.of(name), `${name}-${member}`, member);
    }
    const exports = publishesObjects(pipelines) ? (['exports'] as const) : [];
    const requests = takesRequests(pipelines) ? (['requests'] as const) : [];
    for (const name of ['runs', 'results', ...exports, ...requests, 'audit'] as const) {
      const role = 'roles/storage.objectViewer';
      new gcp.storage.BucketIAMMember(`${member}-reads-${name}`, {
        bucket: bucketNamed(buckets, name).name,
        role,
        member,
      });
    }
    new gcp.pubsub.TopicIAMMember(`${member}-${LOAD_REQUESTED}`, {
      topic: topics(LOAD_REQUESTED).name,
      role: 'roles/pubsub.publisher',
      member,
    });
    for (const [name, { name: subscription }] of functions.deadLetters) {
      const role = 'roles/pubsub.subscriber';
      new gcp.pubsub.SubscriptionIAMMember(`${member}-reads-${name}`, { subscription, role, member });
    }
    letReadJobLogs(`${member}-reads-logs`, jobLogs, member);
    readTables(member, project, roles, warehouse);
  }
}

/** A verification loads the newest output into a staging table, and compares it with the published one. */
function readTables(member: string, project: string, roles: Roles, warehouse: Warehouse): void {
  new gcp.projects.IAMMember(`${member}-makes-jobs`, { project, role: 'roles/bigquery.jobUser', member });
  for (const [id, { published, staged }] of warehouse) {
    const grant = (verb: string, dataset: gcp.bigquery.Dataset, role: Input<string>) =>
      new gcp.bigquery.DatasetIamMember(`${member}-${verb}-${id}`, {
        datasetId: dataset.datasetId,
        role,
        member,
      });
    grant('reads', published, 'roles/bigquery.dataViewer');
    if (staged !== undefined) grant('stages', staged, roles.tableStager.name);
  }
}
