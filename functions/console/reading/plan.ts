// What the page of a plan reads: the plan, who asked for it, and what is published now.
import { listAudit, type AuditEntry } from '../../../shared/commands/audit.ts';
import { readJson } from '../../../shared/objects/json.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { isPlanHash, isWatchRun, planObject } from '../../../shared/runs/names.ts';
import { replayPlan, type ReplayPlan } from '../../../shared/warehouse/plan.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { publishedNow, type PublishedNow } from './ledger.ts';
import { watchIn } from './pipelines.ts';
import { nameOf } from './seen.ts';

/** Among which the command that asked for the plan is looked for. */
const COMMANDS = 30;

export interface PlanRead {
  readonly pipeline: WatchPipeline;
  readonly plan: ReplayPlan;
  readonly object: string;
  readonly published: PublishedNow | null;
  /** Another publication came since: publish-output would refuse the plan. */
  readonly isOutdated: boolean;
  /** What a form of this page showed, as a name. */
  readonly seen: string;
}

/** The plan that the path names; 404 with how to make one. */
export async function readPlan(asked: Asked, ports: Ports): Promise<PlanRead> {
  const pipeline = watchIn(asked, ports);
  const { name } = pipeline;
  const { run = '', hash = '' } = asked.params;
  const object = planObject(name, run, hash);
  const stored =
    isWatchRun(run) && isPlanHash(hash) ? await readJson(ports.runs, object, replayPlan) : undefined;
  if (stored === undefined)
    throw new PageProblem('not-found', `plan ${hash} of run ${run} of ${name}`, [
      { name: `the runs of ${name}`, path: `/p/${name}/runs` },
      ...(isWatchRun(run)
        ? [{ name: `plan a replay of ${run}`, path: `/p/${name}/commands/new/plan?run=${run}` }]
        : []),
    ]);
  const plan = stored.value;
  const published = await publishedNow(ports.warehouse, name);
  return {
    ...{ pipeline, plan, published },
    object: `gs://${ports.runs.bucket}/${object}#${stored.generation}`,
    isOutdated: (published?.id ?? null) !== (plan.expectedLatest?.publication ?? null),
    seen: nameOf([plan.hash, published?.id ?? 'nothing']),
  };
}

/** The newest command that led to the plan; undefined where a message or a terminal did. */
export async function askedBy(
  { pipeline, plan }: Pick<PlanRead, 'pipeline' | 'plan'>,
  ports: Ports,
): Promise<AuditEntry | undefined> {
  const entries = await listAudit(ports, pipeline.name, COMMANDS);
  return entries.find(({ command, ended }) => command.verb === 'plan' && ended?.plan === plan.hash);
}
