// Which calls of a mesh went to which service, seen at the servers of the local cloud.
import { requestsDuring } from '../../test/mesh/requests.ts';

export interface Calls {
  readonly driveList: number;
  /** Everything else of Drive: looking at files, and reading them. */
  readonly driveOther: number;
  readonly storage: number;
  /** Tokens, and what else the metadata server is asked. */
  readonly metadata: number;
  readonly other: number;
}

/** The calls during `work`; those that Scheduler and Pub/Sub make to functions are not among them. */
export async function callsDuring(work: () => Promise<unknown>): Promise<Calls> {
  const requests = await requestsDuring(work);
  const count = (is: (request: string) => boolean) => requests.filter(is).length;
  const known = [isList, isDriveOther, isStorage, isMetadata, isDelivery];
  return {
    driveList: count(isList),
    driveOther: count(isDriveOther),
    storage: count(isStorage),
    metadata: count(isMetadata),
    other: count((request) => known.every((is) => !is(request))),
  };
}

const isList = (request: string): boolean => request === 'GET /drive/v3/files';
const isDriveOther = (request: string): boolean => request.includes(' /drive/v3/') && !isList(request);
const isStorage = (request: string): boolean => / (\/upload|\/download)?\/storage\/v1\//.test(request);
const isMetadata = (request: string): boolean => request.includes(' /computeMetadata/');
const isDelivery = (request: string): boolean => request.startsWith('POST /functions/');
