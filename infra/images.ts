// The registries for the images of jobs and functions, and the name of a job's image.
import * as gcp from '@pulumi/gcp';
import type { Settings } from './settings.ts';

export const IMAGES = 'sluice';
/** Older images are deleted, except the newest few, which a rollback may need. */
const DELETED_AFTER = `${30 * 24 * 60 * 60}s`;
const KEPT_VERSIONS = 10;

export interface Registries {
  /** For the images of the functions: in the region of the functions. */
  readonly functions: gcp.artifactregistry.Repository;
  /** For the images of the jobs: in the region of the jobs, so that no image crosses regions. */
  readonly jobs: gcp.artifactregistry.Repository;
}

/** One registry where functions and jobs run in one region, otherwise one in each, of the same name. */
export function createRegistries({ region, jobRegion }: Settings): Registries {
  const functions = createRegistry('images', region);
  return { functions, jobs: jobRegion === region ? functions : createRegistry('job-images', jobRegion) };
}

const createRegistry = (key: string, location: string) =>
  new gcp.artifactregistry.Repository(key, {
    repositoryId: IMAGES,
    location,
    format: 'DOCKER',
    description: 'Images of jobs and functions',
    cleanupPolicies: [
      { id: 'delete-old', action: 'DELETE', condition: { olderThan: DELETED_AFTER } },
      { id: 'keep-newest', action: 'KEEP', mostRecentVersions: { keepCount: KEPT_VERSIONS } },
    ],
  });

export const imageOf = ({ jobRegion, project, imageDigest }: Settings, image: string): string =>
  `${jobRegion}-docker.pkg.dev/${project}/${IMAGES}/${image}@${imageDigest(image)}`;
