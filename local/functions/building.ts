// Asks for the rights that the build of a function needs: nothing is built here, but what may not be is refused.
import { PROJECT_NUMBER } from '../iam/agents.ts';
import { group, text } from '../provision/inputs.ts';
import type { Cloud, Resource } from '../service.ts';

const FUNCTION = 'gcp:cloudfunctionsv2/function:Function';

/**
 * Throws as a deployment fails when the build's identity may not read the source, write its log, or keep the
 * image. Google copies a function's source into a bucket of its own making before it is built.
 */
export function askForBuild(resource: Resource, { iam, projectId }: Cloud): void {
  if (resource.type !== FUNCTION) return;
  const build = group(resource.inputs, 'buildConfig');
  const location = text(resource.inputs, 'location');
  // `projects/P/serviceAccounts/EMAIL`
  const email = text(build, 'serviceAccount').split('/').at(-1) ?? '';
  const source = `projects/_/buckets/gcf-v2-sources-${PROJECT_NUMBER}-${location}/objects/${resource.name}/function-source.zip`;
  const needed = [
    ['storage.objects.get', source],
    ['logging.logEntries.create', `projects/${projectId}`],
    ['artifactregistry.repositories.uploadArtifacts', text(build, 'dockerRepository')],
  ] as const;
  for (const [permission, asked] of needed) {
    if (iam.allows(email, permission, asked)) continue;
    throw new Error(`the build of ${resource.name} failed: ${email} does not have ${permission} on ${asked}`);
  }
}
