// The rights of the identity that builds the functions: read their source, write its log, store their images.
import * as gcp from '@pulumi/gcp';
import type { Identities } from './identities.ts';
import type { Settings } from './settings.ts';

export function allowBuilding(
  { build }: Identities,
  registry: gcp.artifactregistry.Repository,
  settings: Settings,
): readonly (gcp.projects.IAMMember | gcp.artifactregistry.RepositoryIamMember)[] {
  const { project, region } = settings;
  const { member } = build;
  return [
    new gcp.projects.IAMMember('build-writes-logs', { project, role: 'roles/logging.logWriter', member }),
    // Cloud Functions copies each source into a bucket that it creates with the first function of the region: it does
    // not exist when the grant is made, and the build needs no other bucket.
    new gcp.projects.IAMMember('build-reads-sources', {
      project,
      role: 'roles/storage.objectViewer',
      member,
      condition: {
        title: 'sources of functions',
        expression: 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")',
      },
    }),
    new gcp.artifactregistry.RepositoryIamMember('build-writes-images', {
      repository: registry.repositoryId,
      location: region,
      role: 'roles/artifactregistry.writer',
      member,
    }),
  ];
}
