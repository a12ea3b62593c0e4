// GET /pipeline/job/{id}/result: a signed link of 10 minutes to the result, or to one of its attachments.
import { jobNotFound } from '../../shared/api/access.ts';
import type { AskedBy } from '../../shared/api/asked.ts';
import { endOf, stateOf } from '../../shared/api/job-view.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import type { Answer } from '../../shared/http/call.ts';
import { isErased } from '../../shared/requests/erase.ts';
import type { Ports } from './ports.ts';

const LINK_SECONDS = 600;

/** The link works for everyone who has it; the function reads and sends no byte of the result itself. */
export async function getResult(asked: AskedBy, ports: Ports): Promise<Answer> {
  const { pipeline, run } = ports.access.toJob(asked.caller, asked.params['id'] ?? '');
  const objects = await ports.reader.read(pipeline.name, run);
  if (objects === undefined) throw jobNotFound();
  const outcome = endOf(objects);
  if (outcome === undefined)
    throw new ApiProblem('job-not-ended', 'The job has not ended, so it has no result yet.', {
      headers: { 'retry-after': '5' },
    });
  const { result } = outcome;
  if (outcome.outcome !== 'published' || result === undefined)
    throw new ApiProblem(
      'no-result',
      `The job ended as ${stateOf(objects)} and has no result: ${outcome.reason}`,
    );
  if (await isErased(ports.requests, pipeline.name, run))
    throw new ApiProblem('content-erased', 'The requester erased the content of the job, and its result.');
  const { file } = asked.query as { readonly file?: string };
  const chosen = file === undefined ? result : result.attachments.find(({ name }) => fileOf(name) === file);
  if (chosen === undefined)
    throw new ApiProblem('no-result', 'The result has no attachment of that name; the job lists them.');
  const link = { object: chosen.name, expiresSeconds: LINK_SECONDS, fileName: fileOf(chosen.name) };
  const location = await ports.links.sign(link);
  return { status: 302, headers: { location, 'cache-control': 'no-store', 'content-length': '0' }, text: '' };
}

const fileOf = (object: string): string => object.slice(object.lastIndexOf('/') + 1);
