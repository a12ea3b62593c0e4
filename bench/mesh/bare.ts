// Bare HTTP requests to the local cloud: what is left of a step without clients, functions, events and retries.
import { placeOf } from '../../cli/local-stack.ts';
import { DEFAULT_PIPELINE } from '../../cli/options.ts';
import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../local/cloud.ts';

type Where = Pick<Cloud, 'endpoint' | 'projectId'>;

export interface DriveFile {
  readonly id: string;
  readonly name: string;
}

/** Every page of the Drive folder, with the fields that a snapshot needs. */
export async function listDrive({ endpoint }: Where): Promise<readonly DriveFile[]> {
  const files: DriveFile[] = [];
  let pageToken = '';
  do {
    const query = new URLSearchParams({
      q: `'${placeOf(DEFAULT_PIPELINE)}' in parents and trashed = false`,
      pageSize: '1000',
      fields: 'nextPageToken,files(id,name,mimeType,md5Checksum,version,size,modifiedTime)',
      pageToken,
    });
    const page = (await json(await ask(`${endpoint}/drive/v3/files?${query}`))) as {
      files: DriveFile[];
      nextPageToken?: string;
    };
    files.push(...page.files);
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  return files;
}

export const downloadFromDrive = async ({ endpoint }: Where, { id }: DriveFile): Promise<Buffer> =>
  bytes(await ask(`${endpoint}/drive/v3/files/${id}?alt=media`));

export const readObject = async ({ endpoint }: Where, bucket: string, name: string): Promise<Buffer> =>
  bytes(await ask(`${endpoint}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`));

/** Creates a new object, as every step object is. */
export async function writeObject(
  { endpoint }: Where,
  bucket: string,
  name: string,
  body: Buffer,
): Promise<void> {
  const query = new URLSearchParams({ uploadType: 'media', name, ifGenerationMatch: '0' });
  await bytes(
    await ask(`${endpoint}/upload/storage/v1/b/${bucket}/o?${query}`, 'application/octet-stream', body),
  );
}

/** Submits a BigQuery job and asks for it until it is done. Throws when it failed. */
export async function runJob({ endpoint, projectId }: Where, configuration: object): Promise<void> {
  const jobs = `${endpoint}/bigquery/v2/projects/${projectId}/jobs`;
  const jobReference = { projectId, jobId: randomUUID(), location: 'EU' };
  await json(await ask(jobs, 'application/json', JSON.stringify({ jobReference, configuration })));
  for (;;) {
    const answer = await ask(`${jobs}/${jobReference.jobId}?location=EU`);
    const { status } = (await json(answer)) as {
      status: { state: string; errorResult?: { message: string } };
    };
    if (status.errorResult !== undefined) throw new Error(status.errorResult.message);
    if (status.state === 'DONE') return;
  }
}

function ask(url: string, contentType?: string, body?: string | Buffer): Promise<Response> {
  if (contentType === undefined || body === undefined) return fetch(url);
  const sent = typeof body === 'string' ? body : new Uint8Array(body);
  return fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body: sent });
}

async function bytes(response: Response): Promise<Buffer> {
  const body = Buffer.from(await response.arrayBuffer());
  if (response.ok) return body;
  throw new Error(`${response.url} answered ${response.status}: ${body.toString().slice(0, 500)}`);
}

const json = async (response: Response): Promise<unknown> => JSON.parse((await bytes(response)).toString());
