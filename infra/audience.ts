// The function that people use, and whom the assertions of Identity-Aware Proxy before it are for.
import * as gcp from '@pulumi/gcp';
import { interpolate, type Output } from '@pulumi/pulumi';
import { isForPeople } from '../shared/functions/declaration.ts';
import type { Settings } from './settings.ts';

/** The function that people use; undefined in a stack that names no person, and so does not deploy it. */
export const consoleOf = ({ functions }: Settings): string | undefined =>
  [...functions.values()].find(isForPeople)?.name;

/** Whom the assertions of Identity-Aware Proxy are for, when it stands before the service. */
export function audienceOf({ project, region }: Settings, name: string): Output<string> {
  const { number } = gcp.organizations.getProjectOutput({ projectId: project });
  return interpolate`/projects/${number}/locations/${region}/services/${name}`;
}
