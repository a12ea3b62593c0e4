// The story of a plan: what a replay would change is computed and recorded, and nothing is published.
import { PermanentError } from '../../shared/errors.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { planObject, plannedObject } from '../../shared/runs/names.ts';
import { planned, replayPlan, type PlanAnswer, type ReplayKind } from '../../shared/warehouse/plan.ts';
import { planningId } from '../../shared/warehouse/tables.ts';
import { previewReplay, type PreviewPorts } from './preview.ts';
import { dropStaging } from '../../shared/publications/table.ts';

export interface PlanRequest {
  readonly pipeline: Pipeline;
  readonly run: string;
  /** Names this request: a repeated delivery is the same one. */
  readonly nonce: string;
  readonly kind: ReplayKind;
}

/**
 * The plan is recorded in the run's folder as `plan-<hash>.json`; `planned-<nonce>.json` names the plan of this
 * request, or the reason why there is none.
 */
export async function planOutput(request: PlanRequest, ports: PreviewPorts): Promise<PlanAnswer> {
  const { pipeline, run, nonce } = request;
  const record = plannedObject(pipeline.name, run, nonce);
  const answered = await readJson(ports.runs, record, planned);
  if (answered !== undefined) return answered.value;

  const publication = planningId(pipeline, run, nonce);
  const answer = await answerTo(request, publication, ports);
  const stands = await createOnce(ports.runs, record, planned, answer);
  await dropStaging(pipeline, publication, ports);
  const fields = { pipeline: pipeline.name, run, replay: nonce };
  if (stands.kind === 'planned') ports.log.info(fields, `Plan ${stands.hash} made.`);
  else ports.log.info({ ...fields, code: stands.code }, `No plan made: ${stands.reason}`);
  return stands;
}

/** A permanent failure is an answer as well (law 8): the operator waits for one. */
async function answerTo(request: PlanRequest, publication: string, ports: PreviewPorts): Promise<PlanAnswer> {
  const { pipeline, run } = request;
  try {
    const observed = await previewReplay({ ...request, publication }, ports);
    if (observed.kind === 'unfit')
      return {
        kind: 'unfit',
        outcome: observed.outcome,
        code: observed.code,
        reason: observed.reason,
      };
    const { hash } = observed.plan;
    await createOnce(ports.runs, planObject(pipeline.name, run, hash), replayPlan, observed.plan);
    return { kind: 'planned', hash };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { kind: 'unfit', outcome: 'failed', code: error.code, reason: error.message };
  }
}
