// The JSON API of Cloud Storage: its routes, under each root that a client uses.
import type { FastifyInstance } from 'fastify';
import type { Authorize } from '../iam/authorize.ts';
import { bucketRoutes } from './bucket-routes.ts';
import { copyRoutes } from './copy-routes.ts';
import { objectRoutes } from './object-routes.ts';
import type { Storage } from './storage.ts';
import { uploadRoutes } from './upload-routes.ts';

// The Node client drops the path when it is pointed here by STORAGE_EMULATOR_HOST without one.
const METADATA_ROOTS = ['/storage/v1', ''];
// gcloud downloads from the `mediaLink` of a resource, which has a root of its own.
const DOWNLOAD_ROOT = '/download/storage/v1';
const UPLOAD_ROOTS = ['/upload/storage/v1', '/resumable/upload/storage/v1'];

export function storageRoutes(app: FastifyInstance, storage: Storage, authorize: Authorize): void {
  for (const root of METADATA_ROOTS) {
    bucketRoutes(app, root, storage, authorize);
    objectRoutes(app, root, storage, authorize);
    copyRoutes(app, root, storage, authorize);
  }
  objectRoutes(app, DOWNLOAD_ROOT, storage, authorize, { only: 'media' });
  for (const root of UPLOAD_ROOTS) uploadRoutes(app, root, storage, authorize);
}
