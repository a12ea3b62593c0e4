// What a run has published beside rows of tables, by the ledger: the files of its outputs, and the version of each model.
import { messageOf } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { isObjects, type PublishedObjects, type PublishedOutput } from '../../shared/outputs/published.ts';
import { objectOutputsOf } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { RunId } from '../../shared/runs/names.ts';
import { readNewestOf } from '../../shared/warehouse/ledger-entries.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import type { Target } from '../target.ts';
import { exportsOf } from './stores.ts';

/** A store of maps has thousands of files. */
const MOST_IN_JSON = 1_000;
const MOST_SHOWN = 20;

export interface RunOutput {
  readonly output: string;
  readonly kind: PublishedObjects['kind'];
  /** The version: the publication that holds the files. */
  readonly publication: string;
  /** The run that made them: of a model, an earlier one where its champion was kept. */
  readonly madeBy: RunId;
  /** Readers see it now. */
  readonly isCurrent: boolean;
  readonly isPinned: boolean;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** The first ones by name. */
  readonly files: readonly { readonly name: string; readonly object: string; readonly sizeBytes: number }[];
}

export type RunOutputs =
  | { readonly kind: 'known'; readonly bucket: string; readonly outputs: readonly RunOutput[] }
  /** The ledger did not answer: all else of the run is shown. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Undefined for a pipeline that publishes tables alone. */
export async function outputsOf(
  target: Target,
  pipeline: Pipeline,
  run: RunId,
): Promise<RunOutputs | undefined> {
  if (objectOutputsOf(pipeline).length === 0) return undefined;
  const warehouse = bigqueryWarehouse(target.config);
  try {
    const entry = await readNewestOf(warehouse, pipeline, run);
    const newest = await readNewest(warehouse, pipeline);
    const outputs = outputsIn(entry?.outputs ?? [], newest?.outputs ?? []);
    return { kind: 'known', bucket: exportsOf(target).bucket, outputs };
  } catch (error) {
    return { kind: 'unknown', reason: messageOf(error) };
  }
}

/** Those of the run's entry; `newest` is what is current. */
export const outputsIn = (
  own: readonly PublishedOutput[],
  newest: readonly PublishedOutput[],
): readonly RunOutput[] =>
  own.filter(isObjects).map(({ output, kind, publication, run, files }) => {
    const now = newest.filter(isObjects).find((each) => each.output === output);
    const isCurrent = now?.publication === publication;
    return {
      ...{ output, kind, publication, isCurrent, madeBy: run, isPinned: isCurrent && now.pinned },
      fileCount: files.length,
      sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      files: files.slice(0, MOST_IN_JSON).map(({ name, object, sizeBytes }) => ({ name, object, sizeBytes })),
    };
  });

/** The facts of the run, one for each output. */
export function outputFacts(found: RunOutputs | undefined, run: RunId): Record<string, readonly string[]> {
  if (found === undefined) return {};
  if (found.kind === 'unknown')
    return { 'Published files': [`not known, because the ledger did not answer: ${found.reason}`] };
  return Object.fromEntries(
    found.outputs.map((output) => [
      output.kind === 'files' ? `Files of ${output.output}` : `Model ${output.output}`,
      output.madeBy === run ? ownLines(output, found.bucket) : [keptLine(output)],
    ]),
  );
}

const keptLine = ({ publication, madeBy }: RunOutput): string =>
  `the candidate of this run did not become the champion, which stayed ${publication} of run ${madeBy}`;

function ownLines({ publication, files, fileCount, sizeBytes, ...is }: RunOutput, bucket: string) {
  const state = is.isCurrent ? (is.isPinned ? 'current, pinned' : 'current') : 'superseded';
  const [first] = files;
  const folder = first === undefined ? '' : first.object.slice(0, first.object.length - first.name.length);
  const left = fileCount - MOST_SHOWN;
  return [
    `${publication} (${state}): ${fileCount} ${fileCount === 1 ? 'file' : 'files'}, ${sizeBytes} bytes`,
    ...(folder === '' ? [] : [`gs://${bucket}/${folder}`]),
    ...files.slice(0, MOST_SHOWN).map((file) => `  ${file.name}  ${file.sizeBytes} bytes`),
    ...(left > 0 ? [`  and ${left} others; --json lists up to ${MOST_IN_JSON}`] : []),
  ];
}
