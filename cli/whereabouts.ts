// Where the results of a run are, and what to type next: lines to copy into a shell.
import { resolve } from 'node:path';
import { API_FUNCTIONS } from '../shared/api/routes.ts';
import { exportsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import { objectOutputsOf } from '../shared/pipelines/outputs.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { functionOf } from '../shared/pipelines/services.ts';
import { plainMessage } from './messages.ts';
import { requestedBeside } from './local-stack.ts';
import { DATA_FOLDER, DEFAULT_PIPELINE } from './options.ts';
import type { WatchedMesh, Report } from './idle.ts';

/** Where the run, its rows, its report, the console and the logs are. */
export function whereabouts(
  { cloud, pipeline }: WatchedMesh,
  report: Report,
  data: string,
  console: string,
  drills: string | undefined,
): readonly string[] {
  const on = dataOption(data);
  const of = pipelineOption(pipeline);
  return [
    `${report.outcome}: ${plainMessage(report.reason, pipeline)}`,
    ...(report.table === ''
      ? []
      : [
          `table      ${report.table}`,
          `rows       npm run query --${on} "SELECT * FROM ${report.table} LIMIT 5"`,
        ]),
    ...objectOutputsOf(pipeline).map(
      (output) =>
        `${output.kind.padEnd(10)} gs://${exportsBucketOf(cloud.projectId)}/${pipeline.name}/${output.name}/`,
    ),
    ...(pipeline.services ?? []).map(
      (service) => `service    ${cloud.functionUrl(functionOf(pipeline, service))}`,
    ),
    ...requestLines(cloud, pipeline.name, on),
    `run        gs://${runsBucketOf(cloud.projectId)}/${pipeline.name}/${report.run ?? ''}`,
    `runs       npm run sluice --${on}${of} runs`,
    `console    ${console}`,
    ...(drills === undefined
      ? []
      : [`drills     ${drills} (make something fail, and watch the mesh recover)`]),
    `report     npm run sluice --${on}${of} report`,
    `endpoint   ${cloud.endpoint} (Cloud Storage, Pub/Sub, BigQuery, Cloud Run, Scheduler, Drive)`,
    `logs       ${data}/logs`,
  ];
}

/** The API of the pipelines whose runs are requested, and how to call it from here and from a program. */
function requestLines({ functionUrl }: WatchedMesh['cloud'], started: string, on: string): readonly string[] {
  const requested = requestedBeside(started);
  if (requested.length === 0) return [];
  const [accept, read] = API_FUNCTIONS.map(functionUrl);
  return [
    `requests   ${accept} (requests, cancels), ${read} (jobs, results); ${read}/openapi.json`,
    ...requested.map(({ name, trigger: { presets } }) => {
      const [preset] = Object.keys(presets);
      const words = preset === undefined ? '' : ` --preset ${preset}`;
      return `request    npm run sluice --${on} request ${name}${words} --wait`;
    }),
    `token      npm run --silent sluice --${on} token --as ana@example.com`,
  ];
}

/** What brings rows after a run that published none. */
export function whatNext(pipeline: Pipeline, drive: string, data: string, ends: boolean): string {
  const corrected = ends ? 'run npm start again' : 'a new run follows by itself';
  const force = `npm run sluice --${dataOption(data)}${pipelineOption(pipeline)} run --force --reason "the cause is removed"`;
  return `next       correct the files in ${drive}, and ${corrected}; if the files were right and the cause is removed, type: ${force}`;
}

const dataOption = (data: string): string => (data === resolve(DATA_FOLDER) ? '' : ` --data ${quoted(data)}`);

const pipelineOption = ({ name }: Pipeline): string =>
  name === DEFAULT_PIPELINE ? '' : ` --pipeline ${name}`;

/** As a POSIX shell reads it back. */
const quoted = (path: string): string =>
  /^[\w./~+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
