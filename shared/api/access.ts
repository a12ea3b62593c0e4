// Who may do what with the jobs of a pipeline: by the lists of the stack, and by the owner in a job's id.
import { isListed, type TokenCaller } from '../access/caller.ts';
import { requestersOf } from '../pipelines/requesters.ts';
import type { RequestsPipeline } from '../pipelines/pipeline.ts';
import { ownerHash, parseJobId } from '../requests/names.ts';
import { ApiProblem } from './problems.ts';

export interface JobKey {
  readonly pipeline: RequestsPipeline;
  readonly run: string;
}

export class Access {
  readonly #pipelines: ReadonlyMap<string, RequestsPipeline>;
  readonly #listed: ReadonlyMap<string, ReturnType<typeof requestersOf>>;

  /** `config` has the variables of `requesterVariables`. */
  constructor(pipelines: readonly RequestsPipeline[], config: Readonly<Record<string, unknown>>) {
    this.#pipelines = new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));
    this.#listed = new Map(pipelines.map((pipeline) => [pipeline.name, requestersOf(pipeline, config)]));
  }

  names(): readonly string[] {
    return [...this.#pipelines.keys()];
  }

  /** The pipelines that the caller may request runs of. */
  requestable(caller: TokenCaller): readonly RequestsPipeline[] {
    return [...this.#pipelines.values()].filter(({ name }) =>
      isListed(caller, this.#listed.get(name)?.callers ?? []),
    );
  }

  /** The same answer for a pipeline that does not exist: a caller does not learn which ones there are. */
  toRequest(caller: TokenCaller, name: string): RequestsPipeline {
    const found = this.requestable(caller).find((pipeline) => pipeline.name === name);
    if (found !== undefined) return found;
    throw new ApiProblem(
      'forbidden',
      'There is no pipeline of that name, or the caller is not among its callers in the configuration of the stack.',
      { errors: [{ pointer: '/pipeline', detail: 'unknown, or not for this caller' }] },
    );
  }

  isApprover(caller: TokenCaller, { name }: RequestsPipeline): boolean {
    return isListed(caller, this.#listed.get(name)?.approvers ?? []);
  }

  /** A job of the caller, or of a pipeline whose requests the caller approves. Nothing is read to decide it. */
  toJob(caller: TokenCaller, id: string): JobKey {
    const job = parseJobId(id);
    const pipeline = this.#pipelines.get(job?.pipeline ?? '');
    if (job === undefined || pipeline === undefined) throw jobNotFound();
    if (job.owner !== ownerHash(caller) && !this.isApprover(caller, pipeline)) throw jobNotFound();
    return { pipeline, run: job.run };
  }
}

/** Whether the job does not exist or is another's: the same answer. */
export const jobNotFound = (): ApiProblem =>
  new ApiProblem('job-not-found', 'There is no such job of this caller.');
