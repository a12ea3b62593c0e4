// One Cloud Storage for a test: on a loopback port, over a folder that can be closed and opened again.
import { IdempotencyStrategy, Storage as Client, type Bucket } from '@google-cloud/storage';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock, type Clock } from '../../../local/clock.ts';
import { createApi, OPERATOR, type Api } from '../../../local/http/api.ts';
import { allowAll, type Authorize } from '../../../local/iam/authorize.ts';
import { randomIds } from '../../../local/ids.ts';
import { openState } from '../../../local/state/state.ts';
import { storageRoutes } from '../../../local/storage/routes.ts';
import { Storage, type ObjectResource } from '../../../local/storage/storage.ts';

export interface Service {
  readonly api: Api;
  readonly storage: Storage;
  readonly origin: string;
  readonly finalized: ObjectResource[];
  /** The unmodified client, which retries everything once, on the bucket `bkt`. */
  readonly bucket: Bucket;
  /** The same bucket, as another identity sees it. */
  bucketAs(caller: string): Promise<Bucket>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly folder?: string;
  readonly clock?: Clock;
  readonly authorize?: Authorize;
  readonly onFinalized?: (object: ObjectResource) => void;
}

/** Starts the service; it ends, and its folder goes, with the test. */
export async function startService(context: TestContext, options: ServiceOptions = {}): Promise<Service> {
  const folder = options.folder ?? temporaryFolder(context);
  const state = openState(join(folder, 'state.db'));
  const finalized: ObjectResource[] = [];
  const storage = new Storage({
    state,
    folder: join(folder, 'storage'),
    clock: options.clock ?? systemClock,
    newId: randomIds,
    onFinalized: options.onFinalized ?? ((object) => finalized.push(object)),
  });
  storage.ensureBucket({ name: 'bkt', projectId: 'p', location: 'EU' });
  const api = createApi();
  storageRoutes(api.app, storage, options.authorize ?? allowAll);
  const origin = `http://127.0.0.1:${await api.listenAs(OPERATOR)}`;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await api.close();
    state.close();
  };
  context.after(close);
  return {
    api,
    storage,
    origin,
    finalized,
    bucket: clientFor(origin).bucket('bkt'),
    bucketAs: async (caller) => clientFor(`http://127.0.0.1:${await api.listenAs(caller)}`).bucket('bkt'),
    close,
  };
}

export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-storage-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The code of the error that `work` ends in; fails if it ends well. */
export async function codeOf(work: Promise<unknown>): Promise<number | string> {
  try {
    await work;
  } catch (error) {
    return (error as { code: number | string }).code;
  }
  throw new Error('expected an error');
}

function clientFor(origin: string): Client {
  return new Client({
    projectId: 'p',
    apiEndpoint: origin,
    retryOptions: { idempotencyStrategy: IdempotencyStrategy.RetryAlways, maxRetries: 1 },
  });
}
