// Commands over the models of a pipeline: pin the champion, take the pin away, roll one model back.
import { readIntent } from '../../shared/commands/audit.ts';
import { isCommandId } from '../../shared/commands/command.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import type { ModelRollback } from '../../shared/runs/model-rollback.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { versionBefore, versionsOf, type Version } from '../../shared/publications/versions.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { modelsOf } from './models.ts';
import { sendCommand, type CommandOptions } from './send-command.ts';
import { auditOf } from './stores.ts';

/** Pins what is current, or takes the pin away. */
export async function commandPin(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  { verb, ...options }: CommandOptions & { readonly verb: 'pin' | 'unpin' },
): Promise<void> {
  const { name } = pipeline;
  const newest = await readNewest(bigqueryWarehouse(target.config), pipeline);
  if (newest === undefined || modelsOf(pipeline).length === 0)
    throw new ConfigurationError(`${name} has published no model; there is nothing to ${verb}`);
  await sendCommand(sluice, target, { verb, pipeline: name, run: newest.run }, options);
}

export interface RollbackOptions extends CommandOptions {
  /** May be absent where the pipeline has one model. */
  readonly model: string | undefined;
  /** A publication, or the ordinal of an entry; absent: the version before the current one. */
  readonly to: string | undefined;
}

export async function commandRollback(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  { model: named, to, ...options }: RollbackOptions,
): Promise<void> {
  const earlier = await draftBefore(target, pipeline, options.command);
  const draft = earlier ?? (await draftFor(target, pipeline, modelNamed(pipeline, named), to));
  await sendCommand(sluice, target, named === undefined ? draft : { ...draft, model: named }, options);
}

function modelNamed(pipeline: Pipeline, named: string | undefined): string {
  const names = modelsOf(pipeline).map(({ name }) => name);
  const [first] = names;
  if (first === undefined) throw new ConfigurationError(`${pipeline.name} publishes no model`);
  const expected = `${pipeline.name} has the models ${names.join(', ')}`;
  if (named === undefined && names.length > 1)
    throw new ConfigurationError(`rollback needs --model <name>: ${expected}, and rolls back one`);
  if (named !== undefined && !names.includes(named))
    throw new ConfigurationError(`--model: there is no model "${named}"; ${expected}`);
  return named ?? first;
}

interface Draft extends ModelRollback {
  readonly verb: 'rollback';
  readonly pipeline: string;
  readonly run: string;
}

/** What was sent under that id: after it was carried out, the version before the current one is another one. */
async function draftBefore(
  target: Target,
  { name }: Pipeline,
  id: string | undefined,
): Promise<Draft | undefined> {
  // Typed text becomes part of an object name; what is no id is refused when it is sent.
  if (id === undefined || !isCommandId(id)) return undefined;
  const given = await readIntent(auditOf(target), name, id);
  if (given?.verb !== 'rollback') return undefined;
  const { verb, pipeline, run, model, to, replaces } = given;
  return { verb, pipeline, run, model, to, replaces };
}

async function draftFor(
  target: Target,
  pipeline: Pipeline,
  model: string,
  to: string | undefined,
): Promise<Draft> {
  const entries = await readEntries(bigqueryWarehouse(target.config), pipeline);
  const versions = versionsOf(entries, model);
  const [newest, current] = [entries.at(-1), versions.at(-1)];
  if (newest === undefined || current === undefined)
    throw new ConfigurationError(
      `${pipeline.name} has published no model ${model}; there is nothing to roll back`,
    );
  return {
    ...{ verb: 'rollback', pipeline: pipeline.name, run: newest.run, model },
    to: to === undefined ? defaultVersion(versions, current) : versionAt(versions, to),
    replaces: current.publication,
  };
}

function defaultVersion(versions: readonly Version[], { output, run }: Version): string {
  const before = versionBefore(versions);
  if (before !== undefined) return before.publication;
  throw new ConfigurationError(
    `there is nothing to roll ${output} back to: no model of an earlier run than ${run} was ever current`,
  );
}

/** The version that was current after the entry of that ordinal; any other text is taken for a publication. */
function versionAt(versions: readonly Version[], to: string): string {
  if (!/^\d{1,6}$/.test(to)) return to;
  const version = versions.findLast(({ ordinal }) => ordinal <= Number(to));
  if (version !== undefined) return version.publication;
  const first = versions[0]?.ordinal;
  throw new ConfigurationError(
    `--to ${to}: no version was current then; the first one has the ordinal ${first}`,
  );
}
