// What the stack's operators may do: look at everything, ask for ticks and replays, and give orders.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import { LOAD_REQUESTED } from '../shared/deployment.ts';
import { publishesObjects } from '../shared/pipelines/outputs.ts';
import { allowInvoking } from './callers.ts';
import type { Functions } from './functions.ts';
import type { Topics } from './messaging.ts';
import type { Roles } from './roles.ts';
import type { Settings } from './settings.ts';
import type { Buckets } from './storage.ts';
import type { Warehouse } from './warehouse.ts';

interface Mesh {
  readonly roles: Roles;
  readonly buckets: Buckets;
  readonly topics: Topics;
  readonly warehouse: Warehouse;
  readonly functions: Functions;
}

/**
 * As much as `docs/RUNBOOK.md` types, and no more: what changes the mesh is an order, which handle-commands carries
 * out and records. To bring back what was lost takes more, which somebody is given on that day (docs/RESTORE.md).
 */
export function letOperatorsWork(settings: Settings, mesh: Mesh): void {
  const { operators, project, functions: declared, pipelines } = settings;
  const { roles, buckets, topics, warehouse, functions } = mesh;
  for (const member of operators) {
    for (const { name, calledBy } of declared.values()) {
      if (calledBy.some(({ kind }) => kind === 'operators'))
        allowInvoking(functions.of(name), `${name}-${member}`, member);
    }
    const exports = publishesObjects(pipelines) ? (['exports'] as const) : [];
    for (const name of ['runs', 'results', ...exports, 'audit'] as const) {
      const role = 'roles/storage.objectViewer';
      new gcp.storage.BucketIAMMember(`${member}-reads-${name}`, {
        bucket: buckets[name].name,
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
    readTables(member, project, roles, warehouse);
  }
}

/** A proof loads the newest output into a staging table, and compares it with the published one. */
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
