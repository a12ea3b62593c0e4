// The right to write traces, for every function and every job.
import * as gcp from '@pulumi/gcp';
import { resourceNameOf, type Identities, type Identity } from './identities.ts';
import type { Settings } from './settings.ts';

/** Google's narrowest role for it; a trace belongs to the project, not to a resource in it. */
export const letTrace = ({ project }: Settings, name: string, who: Identity) =>
  new gcp.projects.IAMMember(`${name}-traces`, {
    project,
    role: 'roles/telemetry.tracesWriter',
    member: who.member,
  });

export function letFunctionsTrace(settings: Settings, identities: Identities): void {
  for (const name of settings.functions.keys()) letTrace(settings, resourceNameOf(name), identities.of(name));
}
