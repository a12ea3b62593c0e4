// `npm start`: the whole mesh on this machine, over any folder of a pipeline's files.
import { Command } from 'commander';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '../shared/errors.ts';
import type { WatchPipeline } from '../shared/pipelines/pipeline.ts';
import { loadPipelines, watchNamed } from '../shared/pipelines/registry.ts';
import { fromCaller } from './caller-folder.ts';
import { enter, throwing } from './entry.ts';
import { helpText } from './help-text.ts';
import { placeOf } from './local-stack.ts';
import { DEFAULT_PIPELINE, withData } from './options.ts';
import type { Ended } from './run-mesh.ts';
import { sampleLines, sampleOf } from './samples.ts';
import { stopOnSignals } from './stopping.ts';
import { jsonText, writeLine } from './terminal.ts';

interface Options {
  readonly drive?: string;
  readonly bucket?: string;
  readonly data: string;
  readonly pipeline: string;
  readonly once?: boolean;
  readonly trace?: boolean;
  readonly json?: boolean;
}

const command = withData(throwing(new Command('npm start --')))
  .description('Runs the whole mesh on this machine, without an account or a network.')
  .option(
    '--drive <folder>',
    'the folder that stands for the Drive folder that the pipeline watches',
    fromCaller,
  )
  .option(
    '--bucket <folder>',
    'where the pipeline watches a bucket: the folder whose files are put into it',
    fromCaller,
  )
  .option('--pipeline <name>', 'the pipeline to run', DEFAULT_PIPELINE)
  .option('--once', 'tick once, wait until the mesh is idle, and end; exit 0 if published or unchanged')
  .option('--trace', 'print the trace of each run as a tree when the mesh is idle')
  .option('--json', 'print only the last line to stdout, and everything else to stderr')
  .addHelpText(
    'after',
    helpText(`
--drive or --bucket sets the folder of the pipeline that --pipeline names. The files of --bucket are copied into the
local bucket ${placeOf('NAME')} before each poll. Without a folder the pipeline runs over a small sample:

${sampleLines()}

Another pipeline runs beside it if the environment or .env has the settings of its source, for example:

  NAME_BUCKET            its local bucket, which starts empty
  NAME_DRIVE_FOLDER_ID   any id; its Drive folder is folders/ID in the folder of --data

It is polled by its schedule, and at once by npm run sluice -- tick --pipeline NAME. For each pipeline that is left
out, one line names the missing setting.

The last line of stdout is one JSON object: pipeline, run, outcome, code, reason, rows, table, published, seconds.
The exit code is 0 if the newest run is published, 1 if anything failed, and 128 plus the number of the signal if a
signal ended the mesh before it was idle.`),
  );

const stop = stopOnSignals((sentence) => writeLine(process.stderr, sentence));

await enter(start, {
  failed: (reason, code) =>
    printReport({ pipeline: String(command.opts().pipeline), outcome: 'failed', code, reason }),
  pipeBroken: () => stop.now('SIGPIPE'),
});

async function start(): Promise<void> {
  command.parse();
  const options = command.opts<Options>();
  const output = options.json === true ? process.stderr : process.stdout;
  const pipeline = watchNamed(loadPipelines(), options.pipeline);
  const drive = folderOf(pipeline, options);
  const sample = drive === undefined ? sampleOf(pipeline) : undefined;
  const data = resolve(options.data);
  writeLine(
    output,
    `starting the mesh over ${drive ?? sample?.folder}; it keeps its state in ${data}. Ctrl-C ends it.`,
  );
  // Google's clients, Pulumi and DuckDB take a second to load: the first line appears before that.
  const { runMesh } = await import('./run-mesh.ts');
  const report = await runMesh({
    ...options,
    pipeline,
    data,
    drive,
    sample,
    xgboostLibrary: process.env.XGBOOST_LIBRARY,
    env: process.env,
    stop,
    output,
  });
  printReport(report);
  process.exitCode = stop.exitCode ?? (report.isGood ? 0 : 1);
}

/** Every field is in the line, in the sequence of the help, null when unknown. */
function printReport(report: Partial<Ended>): void {
  const unknown = {
    pipeline: '',
    run: null,
    outcome: 'failed',
    code: null,
    reason: '',
    rows: null,
    table: '',
    published: [],
    seconds: {},
  };
  const line = Object.entries(unknown).map(([name, value]) => [name, report[name as keyof Ended] ?? value]);
  writeLine(process.stdout, jsonText(Object.fromEntries(line)));
}

/** The folder of the option that fits the pipeline's source; undefined: none is named. */
function folderOf({ name, trigger }: WatchPipeline, { drive, bucket }: Options): string | undefined {
  const watchesBucket = trigger.source.kind === 'bucket';
  const [option, folder, other] = watchesBucket ? ['--bucket', bucket, drive] : ['--drive', drive, bucket];
  if (other !== undefined)
    throw new ConfigurationError(
      `the pipeline ${name} watches a ${watchesBucket ? 'bucket' : 'Drive folder'}; name its folder with ${option}`,
    );
  if (folder === undefined) return undefined;
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined)
    throw new ConfigurationError(
      `${option}: the folder ${folder} does not exist; expected the pipeline's files in it`,
    );
  if (!found.isDirectory())
    throw new ConfigurationError(`${option}: ${folder} is a file; expected a folder of the pipeline's files`);
  return folder;
}
