// The right to write traces, for every job and every function that writes spans.
import * as gcp from '@pulumi/gcp';
import { isOpen } from '../shared/functions/declaration.ts';
import { resourceNameOf, type Identities, type Identity } from './identities.ts';
import type { Settings } from './settings.ts';

/** Google's narrowest role for it; a trace belongs to the project, not to a resource in it. */
export const letTrace = ({ project }: Settings, name: string, who: Identity) =>
  new gcp.projects.IAMMember(`${name}-traces`, {
    project,
    role: 'roles/telemetry.tracesWriter',
    member: who.member,
  });

/** A function that is open to the internet begins a trace for the run and writes no span of its own. */
export function letFunctionsTrace(settings: Settings, identities: Identities): void {
  for (const [name, declaration] of settings.functions)
    if (!isOpen(declaration)) letTrace(settings, resourceNameOf(name), identities.of(name));
}
