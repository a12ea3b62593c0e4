// The sources that pipelines watch, by kind, over the Google clients.
import type { ObjectStore } from '../objects/store.ts';
import { bucketSource } from '../sources/bucket.ts';
import { driveSource } from '../sources/drive.ts';
import type { Sources } from '../sources/source.ts';
import { driveFolder } from './drive.ts';
import type { GoogleConfig } from './endpoints.ts';
import { gcsStore } from './storage.ts';

/** Frozen files are written into `runs`. */
export const googleSources = (config: GoogleConfig, runs: ObjectStore): Sources => ({
  'drive-folder': driveSource(driveFolder(config), runs),
  bucket: bucketSource((bucket) => gcsStore(bucket, config), runs),
});
