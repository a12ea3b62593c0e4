// Trainings of a model, as the ledger and the export bucket record them: a champion that was pinned, candidates, versions.
import { toJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { PublishedObjects } from '../../../shared/outputs/published.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { pointerObject } from '../../../shared/publications/names.ts';
import { register } from '../../../shared/publications/register.ts';
import { outputFolder } from '../../../shared/runs/names.ts';
import type { Publication } from '../../../shared/warehouse/ledger.ts';
import { HOSTILE } from './planted-requests.ts';

export interface ModelStores {
  readonly exports: ObjectStore;
  readonly results: ObjectStore;
  /** Enters a publication into the ledger, after those before it. */
  readonly enter: (publication: Publication) => Promise<void>;
}

const JSON_TYPE = 'application/json';
const RUNS = ['000001-aaaaaaaa', '000002-bbbbbbbb', '000003-cccccccc'] as const;
export const publicationOf = (run: string): string => `${bikes.name}-${run}`;

const current = (run: string, output: string, pinned: boolean): PublishedObjects => ({
  ...{ kind: 'model', output, publication: publicationOf(run), run, pinned },
  files: [
    {
      name: `${output}.json`,
      object: `${bikes.name}/${output}/${publicationOf(run)}/attempt-1/${output}.json`,
      ...{ generation: '1', crc32c: 'AAAAAA==', sizeBytes: 10, contentType: JSON_TYPE },
    },
  ],
});

/** The second training wins, is pinned, and the third only registers a candidate. */
export async function plantModels(stores: ModelStores, atMs: number): Promise<void> {
  const entry = (id: string, kind: Publication['kind'], run: string, champion: string, isPinned: boolean) =>
    stores.enter({
      ...{ id, kind, pipeline: bikes, run, attempt: 1, rows: 0, summary: {}, allowOlder: false },
      origin: { revision: null, cause: null, requestedAt: null, frozenAt: null, files: null },
      outputs: ['reg', 'class'].map((output) => current(champion, output, isPinned)),
      gate: { kind: 'none', detail: null },
      writtenAt: new Date(atMs).toISOString(),
      requestedBy: kind === 'run' ? null : { by: HOSTILE.rightToLeft, reason: HOSTILE.markup },
    });
  const [first, second, third] = RUNS;
  for (const run of RUNS) await candidate(run, run === first ? undefined : first, stores.exports, atMs);
  await entry(publicationOf(first), 'run', first, first, false);
  await entry(publicationOf(second), 'run', second, second, false);
  await entry(`${publicationOf(second)}-replay-pin`, 'pin', second, second, true);
  await entry(publicationOf(third), 'run', third, second, true);
  const pointer = { ...current(second, 'reg', true), pipeline: bikes.name, ordinal: 4, token: '4' };
  await stores.exports.create(pointerObject(bikes.name, 'reg'), toJson(pointer), JSON_TYPE);
  const drift = {
    publication: publicationOf(second),
    since: new Date(atMs - 7 * 86_400_000).toISOString(),
    ...{ kind: 'gbt', rows: 1200, unknownCounters: 0, metrics: { logRmse: 0.4321 } },
  };
  await stores.results.create(
    `${outputFolder(bikes.name, third, 1)}metrics.json`,
    toJson({ models: { reg: { drift }, class: { drift: null } } }),
    JSON_TYPE,
  );
}

async function candidate(run: string, champion: string | undefined, exports: ObjectStore, atMs: number) {
  for (const name of ['reg', 'class']) {
    const metrics = { logRmse: 0.41, f1: 0.83, [HOSTILE.markup]: 1 };
    await register(exports, {
      ...{ pipeline: bikes.name, publication: publicationOf(run), run, attempt: 1, files: [] },
      trainedAt: new Date(atMs).toISOString(),
      result: {
        ...{ name, recipe: `${HOSTILE.markup} ${HOSTILE.long}`, metrics },
        champion:
          champion === undefined
            ? null
            : { publication: publicationOf(champion), recipe: HOSTILE.script, metrics: { logRmse: 0.42 } },
      },
    });
  }
}
