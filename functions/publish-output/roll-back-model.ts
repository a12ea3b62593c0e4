// The story of a model's rollback: a version that was current before becomes current again, and is pinned.
import { EXPORT_DAYS_KEPT } from '../../shared/deployment.ts';
import { PermanentError } from '../../shared/errors.ts';
import type { ModelRollback } from '../../shared/runs/model-rollback.ts';
import { isObjects, type PublishedObjects, type PublishedOutput } from '../../shared/outputs/published.ts';
import { objectOutputsOf, type ObjectOutput } from '../../shared/pipelines/outputs.ts';
import type { StoredFile } from '../../shared/publications/file-checks.ts';
import { attemptOf } from '../../shared/publications/names.ts';
import { copyObjects } from '../../shared/publications/objects.ts';
import { readCandidate, register } from '../../shared/publications/register.ts';
import { modelIn, versionsOf, type Version } from '../../shared/publications/versions.ts';
import type { RunOutcome } from '../../shared/runs/outcome.ts';
import { readEntries, type NewestWhole } from '../../shared/warehouse/ledger-entries.ts';
import { changeModels, type ChangePorts, type Requested } from './change-models.ts';

export interface Rollback extends Requested, ModelRollback {}

/** Only that model's pointer changes what it shows; the others, tables and files stay. */
export const rollBackModel = (rollback: Rollback, ports: ChangePorts): Promise<RunOutcome> =>
  changeModels(
    rollback,
    {
      kind: 'rollback',
      after: (newest, id) => afterRollback(rollback, newest, id, ports),
      message: () =>
        `The model ${rollback.model} of ${rollback.to} is current again, in place of ${rollback.replaces}, and is ` +
        'pinned: training registers candidates and promotes none.',
    },
    ports,
  );

async function afterRollback(
  rollback: Rollback,
  newest: NewestWhole,
  id: string,
  ports: ChangePorts,
): Promise<readonly PublishedOutput[]> {
  const { pipeline, model, replaces } = rollback;
  const output = objectOutputsOf(pipeline).find(({ kind, name }) => kind === 'model' && name === model);
  const current = modelIn(newest, model);
  if (output === undefined || current === undefined)
    throw new PermanentError(`${pipeline.name} has published no model ${model}, so nothing was changed`, {
      code: 'MODEL_MISSING',
    });
  if (current.publication !== replaces)
    throw new PermanentError(
      `the current model ${model} is ${current.publication}, and no longer ${replaces}, so nothing was changed`,
      { code: 'CHAMPION_CHANGED' },
    );
  const version = await versionFor(rollback, ports);
  const files = await copied(rollback, output, version, id, ports);
  const champion: PublishedObjects = {
    ...{ kind: 'model', output: model, publication: id, run: version.run, files, pinned: true },
  };
  return newest.outputs.map((each) => (isObjects(each) && each.output === model ? champion : each));
}

/** A candidate that was only registered lost a comparison, so it is no version to go back to. */
async function versionFor(
  { pipeline, model, to, replaces }: Rollback,
  { warehouse }: ChangePorts,
): Promise<Version> {
  if (to === replaces)
    throw new PermanentError(`the model ${model} of ${to} is current already, so nothing was changed`, {
      code: 'MODEL_IS_CURRENT',
    });
  const versions = versionsOf(await readEntries(warehouse, pipeline), model);
  const version = versions.findLast(({ publication }) => publication === to);
  if (version !== undefined) return version;
  throw new PermanentError(
    `the model ${model} of ${to} was never current, so nothing was changed; expected one of ` +
      shown(versions.filter(({ publication }) => publication !== replaces)),
    { code: 'MODEL_NEVER_CURRENT' },
  );
}

const MOST_SHOWN = 5;

const shown = (versions: readonly Version[]): string =>
  versions.length === 0
    ? 'none, because no other version was ever current'
    : versions
        .slice(-MOST_SHOWN)
        .map(({ publication }) => publication)
        .join(', ');

/**
 * The retention of a superseded version has begun and cannot be stopped, so its files are copied into a folder of the
 * new entry, which is registered like a candidate.
 */
async function copied(
  { pipeline, model }: Rollback,
  output: ObjectOutput,
  version: Version,
  id: string,
  { exports }: ChangePorts,
): Promise<PublishedObjects['files']> {
  const attempt = attemptOf(version.files[0]?.object ?? '');
  const key = { pipeline: pipeline.name, publication: id, attempt };
  const stored = await storedFiles(version, exports);
  const files = await copyObjects(key, output, stored, { from: exports, exports });
  const candidate = await readCandidate(exports, pipeline.name, model, version);
  if (candidate !== undefined) await register(exports, { ...candidate, publication: id, files });
  return files;
}

/** In the versions that were published. */
async function storedFiles(
  { publication, files }: Version,
  exports: ChangePorts['exports'],
): Promise<readonly StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const { name, object, generation } of files) {
    const info = await exports.info(object);
    if (info?.generation !== generation)
      throw new PermanentError(
        `${object} of ${publication} does not exist any more, so nothing was changed; the files of a version are ` +
          `kept ${EXPORT_DAYS_KEPT} days after another one took its place`,
        { code: 'OUTPUT_MISSING' },
      );
    stored.push({ name, info });
  }
  return stored;
}
