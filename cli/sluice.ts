// `sluice`: the operator's command, over the local cloud or a real project.
import { Command } from 'commander';
import { commandLine, suggestedLine, withSuggestedLines } from './command-line.ts';
import { enter, throwing } from './entry.ts';
import { DEFAULT_PIPELINE, withTarget } from './options.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { printing } from './printing.ts';
import type { TargetOptions } from './target.ts';
import { audit } from './verbs/audit.ts';
import { console } from './verbs/console.ts';
import { deadLetters } from './verbs/dead-letters.ts';
import { downscale } from './verbs/downscale.ts';
import { job } from './verbs/job.ts';
import { jobs } from './verbs/jobs.ts';
import { log } from './verbs/log.ts';
import { cancel, hold, release } from './verbs/of-a-run.ts';
import { models } from './verbs/models.ts';
import { pause, resume } from './verbs/pause.ts';
import { pipelines } from './verbs/pipelines.ts';
import { predict } from './verbs/predict.ts';
import { presets } from './verbs/presets.ts';
import { verify } from './verbs/verify.ts';
import { replay } from './verbs/replay.ts';
import { report } from './verbs/report.ts';
import { request } from './verbs/request.ts';
import { restore } from './verbs/restore.ts';
import { rollback } from './verbs/rollback.ts';
import { run } from './verbs/run.ts';
import { runs } from './verbs/runs.ts';
import { status } from './verbs/status.ts';
import { tick } from './verbs/tick.ts';
import { token } from './verbs/token.ts';
import { trace } from './verbs/trace.ts';
import type { Sluice } from './verbs/verb.ts';
import { jsonText, writeLine } from './terminal.ts';

type Options = Omit<TargetOptions, 'env'> & { readonly pipeline: string; readonly json?: boolean };

const program = withTarget(throwing(new Command('npm run sluice --')))
  .description('Shows what the mesh did, and changes what it does next.')
  .configureHelp({ showGlobalOptions: true })
  .option('--pipeline <name>', 'the pipeline, for verbs that do not take it as an argument', DEFAULT_PIPELINE)
  .option('--json', 'print JSON; docs/CLI.md lists the keys');

let chosen: Pipeline | undefined;
const sluice: Sluice = {
  program,
  ...printing({
    asJson: () => program.opts<Options>().json === true,
    pipeline: () => chosen,
    lineOf: (suggestion) => suggestedLine(program, suggestion),
  }),
  line: (...words) => commandLine(program, ...words),
  async on(moving, work, name = program.opts<Options>().pipeline) {
    const { loadPipelines, pipelineNamed } = await import('../shared/pipelines/registry.ts');
    const { openTarget } = await import('./target.ts');
    const pipeline = pipelineNamed(loadPipelines(), name);
    chosen = pipeline;
    const target = await openTarget({ ...program.opts<Options>(), env: process.env }, moving);
    try {
      await work(target, pipeline);
    } finally {
      await target.close();
    }
  },
};

const reads = [
  pipelines,
  status,
  runs,
  run,
  log,
  trace,
  report,
  models,
  predict,
  downscale,
  verify,
  audit,
  console,
];
const ofPipelines = [tick, pause, resume, restore];
const ofRuns = [cancel, hold, release, replay, rollback];
const ofRequests = [request, presets, jobs, job, token];
for (const verb of [...reads, ...ofPipelines, ...ofRuns, ...ofRequests, deadLetters]) verb(sluice);
await enter(async () => void (await program.parseAsync()), {
  shown: (sentence) => withSuggestedLines(program, sentence),
  failed(error, code) {
    // A wrong option may have ended the reading before --json.
    if (process.argv.includes('--json')) writeLine(process.stdout, jsonText({ error, code }));
  },
});
