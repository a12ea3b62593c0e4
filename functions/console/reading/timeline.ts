// The timeline of a run: its objects in the order in which they were written, each a step with the time it took.
import type { ObjectInfo } from '../../../shared/objects/store.ts';

export type StepKind =
  | 'requested'
  | 'copied'
  | 'frozen'
  | 'submitted'
  | 'started'
  | 'written'
  | 'decided'
  | 'ended'
  | 'replayed'
  | 'other';

export interface TimedStep {
  readonly kind: StepKind;
  /** In the runs bucket or, of an output, in the results bucket. */
  readonly object: string;
  readonly generation: string;
  readonly sizeBytes: number;
  readonly at: string;
  /** After the step before. */
  readonly tookMs: number;
  /** Of the whole timeline, from 0 to 1: where the time that it took begins and ends. */
  readonly from: number;
  readonly to: number;
}

const KINDS: readonly (readonly [RegExp, StepKind])[] = [
  [/\/request\.json$/, 'requested'],
  [/\/input\//, 'copied'],
  [/\/input\.json$/, 'frozen'],
  [/\/execution-\d+-started\.json$/, 'started'],
  [/\/execution-\d+(-again-\d+)?\.json$/, 'submitted'],
  [/\/output\.json$/, 'written'],
  [/\/(decision|cancel|approval|start)\.json$/, 'decided'],
  [/\/outcome\.json$/, 'ended'],
  [/\/(replay|plan|planned)-[^/]+\.json$/, 'replayed'],
];

/** A replay may come months later; the bars show the run itself. */
const AFTERWARDS: readonly StepKind[] = ['replayed'];

export function timelineOf(objects: readonly ObjectInfo[]): readonly TimedStep[] {
  const sorted = objects
    .map((info) => ({ info, kind: kindOf(info.name) }))
    .toSorted((one, other) => one.info.createdAtMs - other.info.createdAtMs);
  const own = sorted.filter(({ kind }) => !AFTERWARDS.includes(kind));
  const firstMs = own[0]?.info.createdAtMs ?? 0;
  const wholeMs = Math.max(1, (own.at(-1)?.info.createdAtMs ?? 0) - firstMs);
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - firstMs) / wholeMs));
  return sorted.map(({ info, kind }, index) => {
    const atMs = info.createdAtMs;
    const beforeMs = sorted[index - 1]?.info.createdAtMs ?? atMs;
    return {
      kind,
      object: info.name,
      generation: info.generation,
      sizeBytes: info.sizeBytes,
      at: new Date(atMs).toISOString(),
      tookMs: atMs - beforeMs,
      from: share(beforeMs),
      to: share(atMs),
    };
  });
}

const kindOf = (name: string): StepKind => KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
