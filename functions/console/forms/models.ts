// The forms about models: pin, unpin, and the rollback of one model to a version that was current before.
import { objectOutputsOf } from '../../../shared/pipelines/outputs.ts';
import { isWatch, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { attemptOf } from '../../../shared/publications/names.ts';
import { modelIn, versionBefore, versionsOf } from '../../../shared/publications/versions.ts';
import { readEntries, type LedgerEntry } from '../../../shared/warehouse/ledger-entries.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { nameOf } from '../reading/seen.ts';
import type { ModelsStand, Subject } from './about.ts';
import { givenIn } from './form.ts';

/** To choose from; an older one is reached in a terminal. */
const MOST_VERSIONS = 20;

export async function modelSubject(
  pipeline: Pipeline,
  verb: 'pin' | 'unpin' | 'rollback',
  asked: Asked,
  ports: Ports,
): Promise<Subject> {
  const { name } = pipeline;
  const models = objectOutputsOf(pipeline)
    .filter(({ kind }) => kind === 'model')
    .map((output) => output.name);
  const entries = isWatch(pipeline) && models.length > 0 ? await readEntries(ports.warehouse, pipeline) : [];
  const newest = entries.at(-1);
  if (newest === undefined)
    throw new PageProblem('not-found', `${name} has published no model`, [{ name, path: `/p/${name}` }]);
  const seen = nameOf([verb, newest.id]);
  const wanted = verb === 'rollback' ? [modelOf(name, models, asked)] : models;
  const current = wanted.flatMap((model) => {
    const one = modelIn(newest, model);
    return one === undefined
      ? []
      : [{ model, publication: one.publication, run: one.run, isPinned: one.pinned }];
  });
  const line = (words: string) => `npm run sluice -- models ${name} ${words} --reason "<why>"`;
  if (verb !== 'rollback')
    return {
      ...{ seen, line: line(verb), fields: [['run', newest.run]] },
      models: { current, versions: [], chosen: null },
    };
  const [replaced] = current;
  if (replaced === undefined)
    throw new PageProblem('not-found', `${name} has published no model ${wanted.join()}`, [
      { name, path: `/p/${name}` },
    ]);
  const { model, publication } = replaced;
  const { versions, chosen } = versionsBefore(entries, model, publication, asked);
  return {
    ...{ seen, line: line(`rollback --model ${model}`) },
    fields: [
      ['run', newest.run],
      ['model', model],
      ['replaces', publication],
    ],
    models: { current, versions, chosen },
  };
}

function modelOf(pipeline: string, models: readonly string[], asked: Asked): string {
  const [first = '', ...others] = models;
  const named = givenIn(asked, 'model') ?? (others.length === 0 ? first : '');
  if (models.includes(named)) return named;
  throw new PageProblem(
    'not-found',
    `model ${named} of ${pipeline}`,
    models.map((each) => ({ name: each, path: `${asked.path}?model=${encodeURIComponent(each)}` })),
  );
}

function versionsBefore(
  entries: readonly LedgerEntry[],
  model: string,
  current: string,
  asked: Asked,
): Pick<ModelsStand, 'versions' | 'chosen'> {
  const all = versionsOf(entries, model);
  const versions = all
    .filter(({ publication }) => publication !== current)
    .toReversed()
    .slice(0, MOST_VERSIONS)
    .map(({ publication, run, files, madeBy, sinceMs }) => ({
      ...{ publication, run, madeBy, attempt: attemptOf(files[0]?.object ?? '') },
      since: new Date(sinceMs).toISOString(),
    }));
  if (versions.length === 0)
    throw new PageProblem('not-found', `a version of ${model} before the current one`, [
      { name: 'pin', path: asked.path.replace(/rollback$/, 'pin') },
    ]);
  return {
    versions,
    chosen: givenIn(asked, 'to') ?? givenIn(asked, 'version') ?? versionBefore(all)?.publication ?? null,
  };
}
