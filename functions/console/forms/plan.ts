// The form that asks for a plan: which stored output would be published again, and what is published now.
import { commandLine } from '../../../shared/command-line.ts';
import { isWatch, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { isWatchRun } from '../../../shared/runs/names.ts';
import { readEntries } from '../../../shared/warehouse/ledger-entries.ts';
import { runBefore } from '../../../shared/warehouse/run-before.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { publishedNow } from '../reading/ledger.ts';
import { nameOf } from '../reading/seen.ts';
import type { Subject } from './about.ts';
import { givenIn } from './form.ts';

export async function planSubject(pipeline: Pipeline, asked: Asked, ports: Ports): Promise<Subject> {
  const { name } = pipeline;
  if (!isWatch(pipeline))
    throw new PageProblem('not-found', `${name}: a result is published once`, [{ name, path: `/p/${name}` }]);
  const isRollback = givenIn(asked, 'kind') === 'rollback';
  const published = await publishedNow(ports.warehouse, name);
  const run = givenIn(asked, 'run') ?? (isRollback ? await runToRollBackTo(pipeline, ports) : '');
  if (!isWatchRun(run))
    throw new PageProblem('invalid', `run=${run.slice(0, 60)}: a run such as 000005-3fa9c1d2`, [
      { name: `the runs of ${name}`, path: `/p/${name}/runs` },
    ]);
  return {
    seen: nameOf(['plan', run, published?.id ?? 'nothing']),
    fields: [
      ['run', run],
      ['kind', isRollback ? 'rollback' : 'replay'],
    ],
    line: commandLine(name, isRollback ? `rollback ${name}` : `replay ${run} --plan`),
    published,
  };
}

async function runToRollBackTo(pipeline: Pipeline, { warehouse }: Ports): Promise<string> {
  const { name } = pipeline;
  const instead = { name, path: `/p/${name}` };
  if (pipeline.outputs.every(({ kind }) => kind === 'model'))
    throw new PageProblem('not-found', `${name} publishes models alone, which are rolled back one by one`, [
      { name: 'rollback', path: `/p/${name}/commands/new/rollback` },
      instead,
    ]);
  const run = runBefore(await readEntries(warehouse, pipeline));
  if (run !== undefined) return run;
  throw new PageProblem('not-found', `a publication of ${name} before the current one`, [instead]);
}
