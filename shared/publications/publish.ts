// Publishes a staged output of any kinds: copies files, decides which model is current, commits, and moves the pointers.
import { TransientError } from '../errors.ts';
import { objectOutputsOf, type ModelOutput } from '../pipelines/outputs.ts';
import { step } from '../tracing/spans.ts';
import { readEntries } from '../warehouse/ledger-entries.ts';
import { readNewest, type Newest, type Publication } from '../warehouse/ledger.ts';
import { commit, type PublicationAnswer } from '../warehouse/publication.ts';
import { judgeCandidate } from './champions.ts';
import type { DataManifest } from './manifest-file.ts';
import type { ExportKey } from './names.ts';
import { copyObjects } from './objects.ts';
import { isObjects, type PublishedFile, type PublishedObjects } from '../outputs/published.ts';
import { register } from './register.ts';
import { reveal } from './reveal.ts';
import type { StagedObjects, StagedOutput, StagePorts } from './stage.ts';

/** The fields of the publication besides its outputs. */
export type Made = Omit<Publication, 'outputs' | 'rows' | 'summary' | 'writtenAt' | 'attempt'>;

/** `qualityNotes`: one sentence for each candidate: promoted or registered, and why. */
export type Published = PublicationAnswer & { readonly qualityNotes?: readonly string[] };

// After each try another publication was committed first.
const MOST_TRIES = 10;

export async function publish(
  made: Made,
  manifest: DataManifest,
  staged: StagedOutput,
  ports: StagePorts,
): Promise<Published> {
  const { pipeline } = made;
  const { attempt, summary = {}, writtenAt } = manifest;
  const common = { ...made, attempt, summary, writtenAt, rows: staged.rows };
  if (objectOutputsOf(pipeline).length === 0) {
    return step('publish', () => commit(ports.warehouse, { ...common, outputs: staged.tables }));
  }
  const copies = await step('copy', () =>
    copyAll({ pipeline: pipeline.name, publication: made.id, attempt }, staged.objects, ports),
  );
  await registerAll(common, manifest, copies, ports);
  const publication = { ...common, outputs: staged.tables };
  const answer = await step('publish', () => commitCurrent(publication, manifest, copies, ports));
  if (answer.kind === 'published') await step('reveal', () => reveal(pipeline, ports));
  return answer;
}

type Copies = ReadonlyMap<string, readonly PublishedFile[]>;

async function copyAll(
  key: ExportKey,
  objects: readonly StagedObjects[],
  { results, exports }: StagePorts,
): Promise<Copies> {
  const copies = new Map<string, readonly PublishedFile[]>();
  for (const { output, files } of objects)
    copies.set(output.name, await copyObjects(key, output, files, { from: results, exports }));
  return copies;
}

async function registerAll(
  {
    id: publication,
    pipeline,
    run,
    attempt,
    writtenAt: trainedAt,
  }: Publication | Omit<Publication, 'outputs'>,
  { models = [] }: DataManifest,
  copies: Copies,
  { exports }: StagePorts,
): Promise<void> {
  for (const result of models) {
    const files = copies.get(result.name);
    if (files === undefined) continue;
    await register(exports, { pipeline: pipeline.name, publication, run, attempt, trainedAt, result, files });
  }
}

/**
 * Which model becomes current depends on the current one: the transaction asserts that it has not changed, and after a
 * change the candidate is judged again. Every try is a script of its own, named by the entry that it follows.
 */
async function commitCurrent(
  publication: Publication,
  manifest: DataManifest,
  copies: Copies,
  { warehouse }: StagePorts,
): Promise<Published> {
  if (!objectOutputsOf(publication.pipeline).some(({ kind }) => kind === 'model')) {
    const { objects } = currentAfter(publication, manifest, copies, undefined);
    return commit(warehouse, { ...publication, outputs: [...publication.outputs, ...objects] });
  }
  for (let number = 1; number <= MOST_TRIES; number++) {
    const newest = await readNewest(warehouse, publication.pipeline);
    if (newest?.id === publication.id) return enteredBefore(publication, manifest, copies, warehouse);
    // A plan is applied only to the state that it was made for.
    if (publication.expectedLatest !== undefined && publication.expectedLatest !== (newest?.id ?? null))
      return commit(warehouse, publication);
    const { objects, qualityNotes } = currentAfter(publication, manifest, copies, newest);
    const following = {
      ...publication,
      outputs: [...publication.outputs, ...objects],
      expectedLatest: newest?.id ?? null,
      script: `-after-${newest?.ordinal ?? 0}`,
    };
    const answer = await commit(warehouse, following);
    if (answer.kind === 'published')
      return answer.already === true
        ? enteredBefore(publication, manifest, copies, warehouse)
        : { ...answer, qualityNotes };
    if (answer.kind !== 'superseded' || !answer.moved) return answer;
  }
  throw new TransientError(
    `${MOST_TRIES} other publications were committed before ${publication.id}; the next delivery tries again`,
    { code: 'CONFLICT' },
  );
}

/**
 * Another delivery wrote the entry, and this one may be the first to record the outcome. The candidate is judged again,
 * against the champion of the entry before: the transaction asserted that this was the newest one.
 */
async function enteredBefore(
  publication: Publication,
  manifest: DataManifest,
  copies: Copies,
  warehouse: StagePorts['warehouse'],
): Promise<Published> {
  const entries = await readEntries(warehouse, publication.pipeline);
  const own = entries.findIndex(({ id }) => id === publication.id);
  const { qualityNotes } = currentAfter(publication, manifest, copies, entries[own - 1]);
  return { kind: 'published', already: true, qualityNotes };
}

/** An operator's replay makes its model current, and a rollback pins it; a run's candidate is judged. */
function currentAfter(
  { id, pipeline, run, kind }: Publication,
  { models = [] }: DataManifest,
  copies: Copies,
  newest: Pick<Newest, 'outputs'> | undefined,
): { readonly objects: readonly PublishedObjects[]; readonly qualityNotes: readonly string[] } {
  const objects: PublishedObjects[] = [];
  const qualityNotes: string[] = [];
  for (const output of objectOutputsOf(pipeline)) {
    const files = copies.get(output.name) ?? [];
    const champion = newest?.outputs.filter(isObjects).find((each) => each.output === output.name);
    const own = { kind: output.kind, output: output.name, publication: id, run, files };
    const result = models.find(({ name }) => name === output.name);
    if (output.kind === 'files' || kind !== 'run' || result === undefined) {
      const pinned = output.kind === 'model' && (kind === 'rollback' || champion?.pinned === true);
      objects.push({ ...own, pinned });
      continue;
    }
    const candidate = { publication: id, run, files, result };
    const judged = judgeCandidate(output as ModelOutput, candidate, champion);
    objects.push(judged.current);
    qualityNotes.push(
      `The candidate for ${output.name} ${judged.promoted ? 'is the champion' : 'is registered'}: ${judged.reason}`,
    );
  }
  return { objects, qualityNotes };
}
