// What the screen Models reads of a pipeline: the champion of each model, the versions before it, candidates, and drift.
import { z } from 'zod';
import { objectOutputsOf, type ModelOutput } from '../../../shared/pipelines/outputs.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { readPointer } from '../../../shared/publications/pointer.ts';
import { readCandidates, type Registered } from '../../../shared/publications/register.ts';
import { modelIn, versionsOf, type Version } from '../../../shared/publications/versions.ts';
import { outputFolder } from '../../../shared/runs/names.ts';
import { pageIn, type Paged } from '../pages.ts';
import type { Asked, Ports } from '../ports.ts';
import { readPublication, readPublications, type PublicationShown } from './ledger.ts';

/** Versions and pins are told from so many entries of the ledger; an older version is reached by `?at=`. */
const ENTRIES = 200;
const CANDIDATES_A_PAGE = 20;

export interface VersionShown {
  readonly publication: string;
  readonly run: string;
  readonly ordinal: number;
  /** The entry that made it current, which a permalink names. */
  readonly entry: string;
  /** `run`, `replay` or `rollback`. */
  readonly madeBy: string;
  readonly since: string;
}

export interface Pin {
  readonly by: string | null;
  readonly reason: string | null;
  readonly at: string;
}

export interface CandidateShown {
  readonly publication: string;
  readonly run: string;
  readonly recipe: string;
  readonly trainedAt: string;
  readonly value: number | null;
  /** Of the champion of that time, on the same rows. */
  readonly championsValue: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly isChampion: boolean;
}

/** The champion's own predictions since it was trained, as the newest run measured them. */
export interface DriftShown {
  readonly publication: string;
  readonly since: string;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Where it was read. */
  readonly object: string;
}

export interface ModelShown {
  readonly name: string;
  readonly metric: string;
  readonly better: ModelOutput['better'];
  readonly champion: VersionShown | null;
  readonly pin: Pin | null;
  readonly isPinned: boolean;
  /** What the pointer names, which services follow; null where there is none. */
  readonly served: { readonly publication: string; readonly ordinal: number } | null;
  /** Those before the champion, newest first. */
  readonly earlier: readonly VersionShown[];
  readonly candidates: Paged<CandidateShown>;
  readonly drift: DriftShown | null;
}

export interface ModelsRead {
  /** The entry of the ledger that is shown: the newest, or that of `?at=`. */
  readonly at: PublicationShown | null;
  readonly isPast: boolean;
  /** The ledger has older entries than were read. */
  readonly isPart: boolean;
  readonly models: readonly ModelShown[];
}

export const modelsOf = (pipeline: WatchPipeline): readonly ModelOutput[] =>
  objectOutputsOf(pipeline).filter((output) => output.kind === 'model');

/** Undefined: there is no publication of that id. */
export async function readModels(
  pipeline: WatchPipeline,
  asked: Asked,
  ports: Ports,
): Promise<ModelsRead | undefined> {
  const { warehouse } = ports;
  const id = asked.query.get('at') || null;
  const chosen = id === null ? undefined : await readPublication(warehouse, pipeline.name, id);
  if (id !== null && chosen === undefined) return undefined;
  const range = chosen === undefined ? {} : { before: chosen.ordinal + 1 };
  const entries = await readPublications(warehouse, pipeline.name, ENTRIES, range);
  const isPast = chosen !== undefined;
  const of = { pipeline, entries, isPast, page: pageIn(asked, 'page') };
  const models = await Promise.all(modelsOf(pipeline).map((model) => modelShown(model, of, ports)));
  return { at: entries[0] ?? null, isPast, isPart: entries.length === ENTRIES, models };
}

interface Of {
  readonly pipeline: WatchPipeline;
  /** Newest first. */
  readonly entries: readonly PublicationShown[];
  readonly isPast: boolean;
  readonly page: number;
}

async function modelShown(model: ModelOutput, of: Of, ports: Ports): Promise<ModelShown> {
  const { pipeline, entries, isPast, page } = of;
  const { name, metric, better } = model;
  const versions = versionsIn(entries, name);
  const champion = versions[0] ?? null;
  const untilMs = isPast ? Date.parse(entries[0]?.publishedAt ?? '') : undefined;
  const skip = (page - 1) * CANDIDATES_A_PAGE;
  const [{ candidates, count }, pointer, drift] = await Promise.all([
    readCandidates(ports.exports, pipeline.name, name, CANDIDATES_A_PAGE, {
      skip,
      ...(untilMs !== undefined && { untilMs }),
    }),
    isPast ? undefined : readPointer(ports.exports, pipeline.name, name),
    driftOf(model, of, ports),
  ]);
  return {
    ...{ name, metric, better, champion, drift, earlier: versions.slice(1) },
    ...pinIn(entries, name),
    served:
      pointer === undefined
        ? null
        : { publication: pointer.value.publication, ordinal: pointer.value.ordinal },
    candidates: {
      items: candidates.map((each) => candidateShown(each, metric, champion)),
      ...{ page, count, pages: Math.max(1, Math.ceil(count / CANDIDATES_A_PAGE)) },
    },
  };
}

/** Newest first: the first one is current after the newest of these entries. */
export function versionsIn(entries: readonly PublicationShown[], model: string): readonly VersionShown[] {
  const oldestFirst = entries
    .map((entry) => ({ ...entry, publishedAtMs: Date.parse(entry.publishedAt) }))
    .toReversed();
  const idOf = new Map(entries.map(({ ordinal, id }) => [ordinal, id]));
  return versionsOf(oldestFirst, model)
    .map(({ publication, run, ordinal, madeBy, sinceMs }: Version) => ({
      ...{ publication, run, ordinal, madeBy },
      entry: idOf.get(ordinal) ?? publication,
      since: new Date(sinceMs).toISOString(),
    }))
    .toReversed();
}

/** Who pinned the champion: the entry since which it has been so without a break. A rollback pins as well. */
export function pinIn(
  entries: readonly PublicationShown[],
  model: string,
): { readonly isPinned: boolean; readonly pin: Pin | null } {
  const isPinned = ({ outputs }: PublicationShown) => modelIn({ outputs }, model)?.pinned === true;
  const [newest] = entries;
  if (newest === undefined || !isPinned(newest)) return { isPinned: false, pin: null };
  const end = entries.findIndex((entry) => !isPinned(entry));
  const pinnedBy = entries[(end === -1 ? entries.length : end) - 1] ?? newest;
  return { isPinned: true, pin: { by: pinnedBy.by, reason: pinnedBy.reason, at: pinnedBy.publishedAt } };
}

const candidateShown = (
  { publication, run, trainedAt, result }: Registered,
  metric: string,
  champion: VersionShown | null,
): CandidateShown => ({
  ...{ publication, run, trainedAt, recipe: result.recipe, metrics: result.metrics },
  value: result.metrics[metric] ?? null,
  championsValue: result.champion?.metrics[metric] ?? null,
  isChampion: champion?.publication === publication,
});

/** What a training job writes beside its models, where it measures a drift at all. */
const measured = z.object({
  models: z.record(
    z.string(),
    z.object({
      drift: z
        .object({
          publication: z.string(),
          since: z.string(),
          rows: z.number(),
          metrics: z.record(z.string(), z.number()),
        })
        .nullish(),
    }),
  ),
});
const METRICS_FILE = 'metrics.json';
const LARGEST_METRICS = 4 * 1024 * 1024;

/** Null where the job measures none, or its metrics are not kept any more. */
async function driftOf(
  { name }: ModelOutput,
  { pipeline, entries }: Of,
  { results }: Ports,
): Promise<DriftShown | null> {
  const trained = entries.find(({ kind }) => kind === 'run');
  if (trained === undefined) return null;
  const object = `${outputFolder(pipeline.name, trained.run, trained.attempt)}${METRICS_FILE}`;
  const info = await results.info(object);
  if (info === undefined || info.sizeBytes > LARGEST_METRICS) return null;
  const stored = await results.readText(object, LARGEST_METRICS);
  const drift = measured.safeParse(parsed(stored?.text)).data?.models[name]?.drift;
  return drift ? { ...drift, object: `gs://${results.bucket}/${object}#${info.generation}` } : null;
}

/** The metrics of a job are its own affair: what is no JSON has no drift. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
