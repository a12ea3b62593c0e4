// The custom roles, for cases where each of Google's predefined roles allows more than the mesh needs.
import * as gcp from '@pulumi/gcp';

export type Role = gcp.projects.IAMCustomRole;

export interface Roles {
  /** Adds objects and reads them; changes and deletes none (law 2). */
  readonly objectAdder: Role;
  /** Replaces and deletes an object; granted for the state, the lease and pointers alone. */
  readonly stateWriter: Role;
  /** Lists objects and overwrites them; reads none. Granted for the outputs of requested runs alone. */
  readonly objectEraser: Role;
  /** Sets the time from which an object's retention counts. */
  readonly objectRetirer: Role;
  /** Starts an execution with overrides and finds it; cannot change the job. */
  readonly executionStarter: Role;
  /** Reads executions and cancels them; starts none. */
  readonly executionOperator: Role;
  /** Creates, fills, reads and drops tables. */
  readonly tableStager: Role;
  /** Changes the rows of existing tables; creates and drops none. */
  readonly rowPublisher: Role;
}

export function createRoles(): Roles {
  const role = (roleId: string, title: string, permissions: string[]): Role =>
    new gcp.projects.IAMCustomRole(roleId, { roleId, title, permissions });
  return {
    objectAdder: role('sluiceObjectAdder', 'Adds and reads objects', [
      'storage.objects.create',
      'storage.objects.get',
      // Without it, Cloud Storage answers 403 for an object that does not exist.
      'storage.objects.list',
    ]),
    stateWriter: role('sluiceStateWriter', 'Overwrites and deletes objects', ['storage.objects.delete']),
    objectEraser: role('sluiceObjectEraser', 'Lists and overwrites objects', [
      'storage.objects.create',
      'storage.objects.delete',
      'storage.objects.list',
    ]),
    objectRetirer: role('sluiceObjectRetirer', 'Changes the metadata of objects', ['storage.objects.update']),
    executionStarter: role('sluiceExecutionStarter', 'Starts executions and finds them', [
      'run.jobs.run',
      'run.jobs.runWithOverrides',
      'run.executions.list',
    ]),
    executionOperator: role('sluiceExecutionOperator', 'Reads executions and cancels them', [
      'run.executions.cancel',
      'run.executions.get',
      'run.executions.list',
    ]),
    tableStager: role('sluiceTableStager', 'Loads, reads and drops tables', [
      'bigquery.tables.create',
      'bigquery.tables.delete',
      // To check whether a staging table of an earlier delivery still exists.
      'bigquery.tables.get',
      'bigquery.tables.getData',
      // Google lists it among the rights that a load job requires.
      'bigquery.tables.update',
      'bigquery.tables.updateData',
    ]),
    rowPublisher: role('sluiceRowPublisher', 'Reads and changes rows', [
      'bigquery.tables.getData',
      'bigquery.tables.updateData',
    ]),
  };
}
