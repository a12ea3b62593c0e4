// The registry of the project's images, the jobs' and the functions', and the name of a job's image in it.
import * as gcp from '@pulumi/gcp';
import type { Settings } from './settings.ts';

export const IMAGES = 'sluice';
/** Older images go, but for the newest few: those are what one may want to go back to. */
const DELETED_AFTER = `${30 * 24 * 60 * 60}s`;
const KEPT_VERSIONS = 10;

export const createRegistry = (settings: Settings) =>
  new gcp.artifactregistry.Repository('images', {
    repositoryId: IMAGES,
    location: settings.region,
    format: 'DOCKER',
    description: 'Images of jobs and functions',
    cleanupPolicies: [
      { id: 'delete-old', action: 'DELETE', condition: { olderThan: DELETED_AFTER } },
      { id: 'keep-newest', action: 'KEEP', mostRecentVersions: { keepCount: KEPT_VERSIONS } },
    ],
  });

export const imageOf = ({ region, project, imageDigest }: Settings, image: string): string =>
  `${region}-docker.pkg.dev/${project}/${IMAGES}/${image}@${imageDigest(image)}`;
