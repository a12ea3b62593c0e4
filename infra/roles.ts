// The custom roles: where each of Google's predefined ones allows more than the mesh does.
import * as gcp from '@pulumi/gcp';

export type Role = gcp.projects.IAMCustomRole;

export interface Roles {
  /** Adds objects and reads what is there; changes and deletes nothing (law 2). */
  readonly objectAdder: Role;
  /** Swaps and removes an object; granted for the head and the lease alone. */
  readonly stateWriter: Role;
  /** Gives objects the time from which their days are counted. */
  readonly objectRetirer: Role;
  /** Starts an execution with overrides and looks for it, without touching the job itself. */
  readonly executionStarter: Role;
  /** Looks at executions and cancels them; starts none. */
  readonly executionOperator: Role;
  /** Makes, fills, reads and drops tables. */
  readonly tableStager: Role;
  /** Changes the rows of tables that stand; makes and drops none. */
  readonly rowPublisher: Role;
}

export function createRoles(): Roles {
  const role = (roleId: string, title: string, permissions: string[]): Role =>
    new gcp.projects.IAMCustomRole(roleId, { roleId, title, permissions });
  return {
    objectAdder: role('sluiceObjectAdder', 'Adds and reads objects', [
      'storage.objects.create',
      'storage.objects.get',
      // Without it, an object that is not there would be answered with 403.
      'storage.objects.list',
    ]),
    stateWriter: role('sluiceStateWriter', 'Overwrites and deletes objects', ['storage.objects.delete']),
    objectRetirer: role('sluiceObjectRetirer', 'Changes what is said of objects', ['storage.objects.update']),
    executionStarter: role('sluiceExecutionStarter', 'Starts executions and finds them', [
      'run.jobs.run',
      'run.jobs.runWithOverrides',
      'run.executions.list',
    ]),
    executionOperator: role('sluiceExecutionOperator', 'Looks at executions and cancels them', [
      'run.executions.cancel',
      'run.executions.get',
      'run.executions.list',
    ]),
    tableStager: role('sluiceTableStager', 'Loads, reads and drops tables', [
      'bigquery.tables.create',
      'bigquery.tables.delete',
      // Whether what an earlier delivery staged is still there.
      'bigquery.tables.get',
      'bigquery.tables.getData',
      // Google lists it among the rights that a load job takes.
      'bigquery.tables.update',
      'bigquery.tables.updateData',
    ]),
    rowPublisher: role('sluiceRowPublisher', 'Reads and changes rows', [
      'bigquery.tables.getData',
      'bigquery.tables.updateData',
    ]),
  };
}
