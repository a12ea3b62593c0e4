// The fixture of the jobs that read-requests shows: a place with two pipelines, and a job in it that a test moves from state to state.
import { toJson } from '../../../shared/objects/json.ts';
import { passStart } from '../../../shared/requests/gates.ts';
import { jobObject, parseJobId, queueObject } from '../../../shared/requests/names.ts';
import { requestObject, startedObject } from '../../../shared/runs/names.ts';
import { recordOutcome, type Outcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { ADA, ApiPlace, idOf, type Received } from '../api/api-place.ts';
import { samplePipeline } from '../api/sample-pipeline.ts';

export class JobPlace extends ApiPlace {
  functions = this.open();

  constructor() {
    super([
      samplePipeline('sample', { waitingPerOwner: 50 }),
      samplePipeline('asked-first', { approval: 'before-start' }),
    ]);
  }

  get at(): string {
    return new Date(this.nowMs).toISOString();
  }

  async request(pipeline = 'sample', key = 'k', as = ADA) {
    const received = await this.functions.accept('POST /pipeline/run', { as, key, body: { pipeline } });
    const id = idOf(received);
    const { run } = parseJobId(id)!;
    const entry = async () => this.requests.readText(queueObject(pipeline, run), 10_000);
    /** As the dispatch does: the record into the run's folder, and the job into the index. */
    const take = async () => {
      const { record } = JSON.parse((await entry())?.text ?? '') as { record: { acceptedAt: string } };
      await this.runs.create(requestObject(pipeline, run), toJson(record), 'application/json');
      await this.requests.create(jobObject(pipeline, run, Date.parse(record.acceptedAt)), '', 'text/plain');
    };
    const start = () => passStart(this.runs, pipeline, run, { kind: 'start', dispatch: 1, at: this.at });
    const execute = () => this.runs.create(startedObject(pipeline, run, 1), '{}', 'application/json');
    const end = async (outcome: Outcome, more: Partial<RunOutcome> = {}) => {
      await recordOutcome(this.runs, {
        ...{ pipeline, run, outcome, code: null, reason: 'so it is', attempt: 1, rows: null },
        at: this.at,
        ...more,
      });
      await this.requests.remove(queueObject(pipeline, run), (await entry())?.generation ?? '');
    };
    const get = (headers: Record<string, string> = {}, who = as) =>
      this.functions.read(`GET /pipeline/job/${id}`, { as: who, headers });
    return { id, run, take, start, execute, end, get };
  }
}

export const stateIn = ({ body }: Received) => body['state'];
