// Who may read the log of the jobs: a view of the log bucket holds their lines alone, and the right is granted on the view.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import { JOB_LOG_VIEW } from '../shared/deployment.ts';
import type { Identity } from './identities.ts';
import type { Settings } from './settings.ts';

export type JobLogs = gcp.logging.LogView;

/** A project keeps its log entries in the bucket `_Default`, which Google creates. */
const BUCKET = '_Default';
const LOCATION = 'global';

export const createJobLogs = ({ project }: Settings): JobLogs =>
  new gcp.logging.LogView(JOB_LOG_VIEW, {
    name: JOB_LOG_VIEW,
    parent: `projects/${project}`,
    location: LOCATION,
    bucket: BUCKET,
    description: 'What the jobs of the pipelines print',
    filter: 'resource.type="cloud_run_job"',
  });

export const letReadJobLogs = (name: string, view: JobLogs, member: Input<string>) =>
  new gcp.logging.LogViewIamMember(name, {
    name: view.name,
    parent: view.parent,
    location: LOCATION,
    bucket: BUCKET,
    role: 'roles/logging.viewAccessor',
    member,
  });

export function grantReadingLogs(name: string, view: JobLogs, { member }: Identity): void {
  letReadJobLogs(`${name}-reads-logs`, view, member);
}
