// `sluice`: the operator's command, over the local cloud or a real project.
import Table from 'cli-table3';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import type { Cloud } from '../local/cloud.ts';
import { resultsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import { messageOf } from '../shared/errors.ts';
import { gcsStore } from '../shared/google/storage.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../shared/pipelines/registry.ts';
import * as commands from './commands.ts';
import { createDisplay } from './display.ts';
import { withTarget } from './options.ts';
import { followToRest, LONGEST_MS } from './rest.ts';
import { openTarget, type Target, type TargetOptions } from './target.ts';

const PLAIN = { head: [], border: [] };

type Options = TargetOptions & { readonly pipeline: string; readonly json?: boolean };

const program = withTarget(new Command('npm run sluice --'))
  .description('See what happened in the mesh, and put it right.')
  .option('--pipeline <name>', 'the pipeline', 'carmila')
  .option('--json', 'print JSON, for another program to read');

program
  .command('status')
  .description('where the pipeline stands, and how fresh its table is')
  .action(() => onTarget(false, async (target, pipeline) => show(await commands.status(target, pipeline))));

program
  .command('runs')
  .description('the newest runs, newest first')
  .option('--count <n>', 'how many', (text) => Number.parseInt(text, 10), 20)
  .action(({ count }: { count: number }) =>
    onTarget(false, async (target, pipeline) => {
      const runs = await commands.runs(target, pipeline, count);
      const rows = runs.map(({ run, standing, outcome }) => ({
        run,
        outcome: standing,
        rows: outcome?.rows ?? '',
        at: outcome?.at ?? '',
        reason: outcome?.reason ?? '',
      }));
      showRows(rows, 'There are no runs yet: sluice tick looks at the folder now.');
    }),
  );

program
  .command('run <id>')
  .description('one run whole: its files, attempts, outcome and replays')
  .action((id: string) =>
    onTarget(false, async (target, pipeline) => {
      const { request, input, attempts, standing, outcome, replays } = await commands.run(
        target,
        pipeline,
        id,
      );
      show({
        run: id,
        standing,
        reason: outcome?.reason ?? '',
        requested: request.requestedAt,
        frozen: input?.frozenAt ?? 'not yet',
        files: request.snapshot.map(({ role, name, sizeBytes }) => `${name} (${role}, ${sizeBytes} bytes)`),
        attempts: attempts.map(({ attempt, at }) => `${attempt} at ${at}`),
        ended: outcome?.at ?? 'not yet',
        rows: outcome?.rows ?? '',
        replays: replays.map(
          (replay) => `${replay.nonce} ${replay.outcome.outcome}: ${replay.outcome.reason}`,
        ),
      });
    }),
  );

program
  .command('report [run]')
  .description("write the report of a run's forecast, or of the newest run's, into this folder")
  .action((id: string | undefined) =>
    onTarget(false, async (target, pipeline) =>
      print(`wrote ${await commands.report(target, pipeline, id)}`),
    ),
  );

program
  .command('replay <run>')
  .description("publish a run's stored output again")
  .option('--over-newer', 'even though a newer run has been published since', false)
  .action((id: string, { overNewer }: { overNewer: boolean }) =>
    onTarget(true, async (target, pipeline) => {
      const outcome = await commands.replay(target, pipeline, { id, nonce: randomUUID(), overNewer });
      show({ ...outcome });
      if (outcome.outcome !== 'published') process.exitCode = 1;
    }),
  );

program
  .command('tick')
  .description('look at the folder now, as the schedule would')
  .option('--force', 'ask for a run even if the folder is as it was')
  .action(({ force }: { force?: boolean }) =>
    onTarget(true, async (target, pipeline) => {
      const nonce = force === true ? randomUUID() : undefined;
      const answer = await commands.tick(target, pipeline, nonce);
      show(answer as Record<string, unknown>);
      if (target.opened !== undefined) await toRest(target, target.opened, pipeline);
    }),
  );

await program.parseAsync();

async function onTarget(
  moving: boolean,
  work: (target: Target, pipeline: Pipeline) => Promise<void>,
): Promise<void> {
  const options = program.opts<Options>();
  try {
    const pipeline = pipelineNamed(await loadPipelines(), options.pipeline);
    const target = await openTarget(options, moving);
    try {
      await work(target, pipeline);
    } finally {
      await target.close();
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** A mesh that was opened for this command would take its run with it, half done. */
async function toRest(target: Target, cloud: Cloud, pipeline: Pipeline): Promise<void> {
  const display = createDisplay(process.stderr);
  const project = target.config.GOOGLE_CLOUD_PROJECT;
  const ground = {
    cloud,
    pipeline,
    runs: gcsStore(runsBucketOf(project), target.config),
    results: gcsStore(resultsBucketOf(project), target.config),
    display,
    signal: new AbortController().signal,
  };
  await followToRest(ground, Date.now() + LONGEST_MS);
  display.close();
  const [last] = await commands.runs(target, pipeline, 1);
  if (last?.outcome !== undefined) show({ ...last.outcome });
}

function show(facts: Record<string, unknown>): void {
  if (program.opts<Options>().json) return print(JSON.stringify(facts));
  const table = new Table({ style: PLAIN });
  for (const [name, value] of Object.entries(facts)) table.push({ [name]: cell(value) });
  print(table.toString());
}

function showRows(rows: readonly Record<string, unknown>[], empty: string): void {
  if (program.opts<Options>().json) return print(JSON.stringify(rows));
  const [first] = rows;
  if (first === undefined) return print(empty);
  const table = new Table({
    style: PLAIN,
    head: Object.keys(first),
    wordWrap: true,
    colWidths: [17, 14, 9, 26, 60],
  });
  for (const row of rows) table.push(Object.values(row).map(cell));
  print(table.toString());
}

function cell(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
