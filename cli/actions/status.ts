// The status of a pipeline: what it does now, how its last poll and its newest run ended, what its outputs show.
import { counted } from '../../shared/counted.ts';
import { listRuns, readStatus } from '../../shared/history/history.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { messageOf } from '../../shared/errors.ts';
import { objectOutputsOf, shownOutput, tableName, tablesOf } from '../../shared/pipelines/outputs.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { bigqueryTables } from '../../shared/google/tables.ts';
import { readPointer } from '../../shared/publications/pointer.ts';
import { freshnessView } from '../../shared/warehouse/freshness.ts';
import type { Row } from '../../shared/warehouse/warehouse.ts';
import type { Target } from '../target.ts';
import { timeWithZone } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { exportsOf, runsOf } from './stores.ts';

export async function showStatus(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  if (isRequests(pipeline))
    return (await import('./requested/status.ts')).showRequestedStatus(sluice, target, pipeline);
  const data = await statusOf(target, pipeline);
  sluice.show(data, factsOf(sluice, data, pipeline));
  const next = nextStep(sluice, data);
  if (next !== undefined) sluice.hint(next);
}

export async function statusOf(target: Target, pipeline: Pipeline) {
  const runs = runsOf(target);
  const [status, [newest], published] = await Promise.all([
    readStatus(runs, pipeline.name),
    listRuns(runs, pipeline.name, 1),
    publishedIn(target, pipeline),
  ]);
  return {
    pipeline: pipeline.name,
    paused: status.paused ?? null,
    lastPoll: status.poll ?? null,
    notes: status.notes,
    newestRun:
      newest === undefined
        ? null
        : {
            run: newest.run,
            status: newest.status,
            code: newest.code,
            reason: (newest.republished ?? newest.outcome)?.reason ?? null,
            at: (newest.republished ?? newest.outcome)?.at ?? null,
          },
    executing: status.holder === undefined ? null : { run: status.holder, attempt: status.attempt ?? null },
    queued: status.queued ?? null,
    outputs: pipeline.outputs.map(shownOutput),
    ...published,
    current: await currentOf(target, pipeline),
  };
}

/** What readers of files and models follow: the pointer of each output. */
async function currentOf(target: Target, pipeline: Pipeline) {
  const read = objectOutputsOf(pipeline).map(async ({ name }) => {
    const pointer = (await readPointer(exportsOf(target), pipeline.name, name))?.value;
    if (pointer === undefined) return [];
    const { kind, publication, run, files, pinned } = pointer;
    return [{ output: name, kind, publication, run, files: files.length, pinned }];
  });
  return (await Promise.all(read)).flat();
}

type StatusData = Awaited<ReturnType<typeof statusOf>>;

/** The freshness view's row, and which tables are missing; a view that cannot be read is a problem, with its reason. */
async function publishedIn({ config }: Target, pipeline: Pipeline) {
  const warehouse = bigqueryWarehouse(config);
  const tables = bigqueryTables(config);
  const missing = tablesOf(pipeline).map(async (output) =>
    (await tables.exists(output.table)) ? [] : [tableName(output)],
  );
  const missingTables = (await Promise.all(missing)).flat();
  const view = freshnessView(pipeline);
  if (view === undefined) return { published: null, missingTables, problem: null };
  try {
    const [row] = await warehouse.query(`SELECT * FROM ${warehouse.quoted(view)}`, {});
    return { published: row === undefined ? null : publicationIn(row), missingTables, problem: null };
  } catch (error) {
    return { published: null, missingTables, problem: messageOf(error) };
  }
}

const publicationIn = (row: Row) => ({
  run: String(row.run),
  kind: String(row.kind),
  rows: Number(row.row_count),
  at: textOf(row.published_at),
  dataAsOf: textOf(row.data_as_of),
  gate: textOf(row.gate),
  gateDetail: textOf(row.gate_detail),
  nextExpectedAt: textOf(row.next_expected_at),
});

const textOf = (cell: Row[string] | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);

function factsOf(sluice: Sluice, data: StatusData, pipeline: Pipeline): Record<string, unknown> {
  const { paused, lastPoll, newestRun, executing, published } = data;
  const time = (iso: string | null) => timeWithZone(pipeline, iso);
  return {
    Pipeline: data.pipeline,
    Paused: paused === null ? 'no' : `by ${paused.by} since ${time(paused.at)}: ${paused.reason}`,
    'Last poll':
      lastPoll === null
        ? 'no change'
        : `${lastPoll.outcome} at ${time(lastPoll.at)}: ${sluice.message(lastPoll.reason)}`,
    ...(data.notes.length === 0 ? {} : { 'Notes on the source': data.notes.map((note) => `${note}.`) }),
    'Newest run': newestRun === null ? 'none yet' : `${newestRun.run}: ${newestRun.status}`,
    ...(newestRun?.reason ? { 'Its reason': sluice.message(newestRun.reason) } : {}),
    Executing: executing === null ? 'nothing' : `${executing.run}, attempt ${executing.attempt}`,
    Queued: data.queued ?? 'nothing',
    Outputs: data.outputs.join(', '),
    ...(data.missingTables.length === 0 ? {} : { 'MISSING TABLES': data.missingTables.join(', ') }),
    ...(data.problem === null ? {} : { 'Freshness unknown': data.problem }),
    ...currentFacts(data, pipeline),
    ...(published === null
      ? tablesOf(pipeline).length > 0
        ? { Published: 'never' }
        : {}
      : {
          Published: `run ${published.run}${published.kind === 'run' ? '' : ` (${published.kind})`}, ${counted(published.rows, 'row')}, at ${time(published.at)}`,
          'Data as of': published.dataAsOf ?? 'unknown',
          'Quality check': gateText(published),
          'Next expected': time(published.nextExpectedAt),
        }),
  };
}

/** Of files and models; tables say when they were published. */
function currentFacts({ current }: StatusData, pipeline: Pipeline): Record<string, unknown> {
  if (objectOutputsOf(pipeline).length === 0) return {};
  if (current.length === 0) return { Current: 'nothing yet' };
  return {
    Current: current.map(
      ({ output, kind, publication, files, pinned }) =>
        `${output}: ${kind === 'model' ? 'version' : 'publication'} ${publication}, ${counted(files, 'file')}${pinned ? ', pinned' : ''}`,
    ),
  };
}

const FAILED: readonly string[] = ['failed', 'quarantined', 'dead-lettered', 'cancelled'];

/** `none`: the check did not judge; the first publication has nothing to be compared with. */
function gateText({ gate, gateDetail }: NonNullable<StatusData['published']>): string {
  if (gate === 'none') return gateDetail ?? 'nothing to compare with';
  return [gate, gateDetail].filter(Boolean).join(': ');
}

/** What to type next, where something needs attention. */
function nextStep(
  sluice: Sluice,
  { missingTables, paused, newestRun, pipeline }: StatusData,
): string | undefined {
  if (missingTables.length > 0)
    return `To bring the tables back: ${sluice.line('restore', pipeline, '--reason', '<why>')}`;
  if (paused !== null) return `To resume: ${sluice.line('resume', '--reason', '<why>')}`;
  if (newestRun === null) return `To poll the source now: ${sluice.line('tick')}`;
  if (newestRun.status === 'held')
    return `To see it: ${sluice.line('run', newestRun.run)}\nTo publish it: ${sluice.line('release', newestRun.run, '--reason', '<why>')}`;
  if (FAILED.includes(newestRun.status))
    return `The newest run is ${newestRun.status}. To see all of it: ${sluice.line('run', newestRun.run)}`;
  return undefined;
}
