// Writes a requested run's `input.json`: its parameters, and the frozen files of the pipeline whose input it uses.
import { PermanentError } from '../../../shared/errors.ts';
import { createOnce, notThere, readJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { RequestRecord } from '../../../shared/requests/entry.ts';
import { contentObject, PARAMETERS_ROLE } from '../../../shared/requests/names.ts';
import { inputManifest, type FrozenFile, type InputManifest } from '../../../shared/runs/input.ts';
import { frozenObject, inputObject } from '../../../shared/runs/names.ts';
import { newestPublishedInput } from '../../../shared/runs/published-input.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DispatchPorts } from './ports.ts';

/** Idempotent. Throws `PermanentError` where the run can have no input. */
export async function writeInput(
  { name: pipeline, trigger }: RequestsPipeline,
  { run, bodyHash }: RequestRecord,
  ports: DispatchPorts,
): Promise<void> {
  const object = inputObject(pipeline, run);
  if ((await readJson(ports.runs, object, inputManifest)) !== undefined) return;
  const parameters = await parametersOf(pipeline, run, ports.requests);
  const copied =
    trigger.inputOf === undefined ? undefined : await copyInput(trigger.inputOf, pipeline, run, ports.runs);
  const input: InputManifest = {
    ...{ pipeline, run, revision: bodyHash },
    files: [parameters, ...(copied?.files ?? [])],
    frozenAt: new Date(ports.now()).toISOString(),
    ...(copied?.notes === undefined ? {} : { notes: copied.notes }),
  };
  await createOnce(ports.runs, object, inputManifest, input);
}

async function parametersOf(pipeline: string, run: string, requests: ObjectStore): Promise<FrozenFile> {
  const object = contentObject(pipeline, run);
  const info = await requests.info(object);
  if (info === undefined)
    throw new PermanentError(`gs://${requests.bucket}/${object} does not exist`, { code: 'INPUT_MISMATCH' });
  const { sizeBytes, crc32c } = info;
  return { role: PARAMETERS_ROLE, name: 'parameters.json', object, bucket: 'requests', sizeBytes, crc32c };
}

/**
 * Copies the frozen files of the other pipeline's newest published run. The names of the copies hold that run, so that
 * two deliveries which find different runs never mix their files: the manifest names those of one.
 */
async function copyInput(from: string, pipeline: string, run: string, runs: ObjectStore) {
  const source = await newestPublishedInput(runs, from);
  if (source === undefined)
    throw new PermanentError(`${from} has published no run whose input is kept; ${pipeline} uses its input`, {
      code: 'INPUT_MISMATCH',
    });
  const files = await Promise.all(
    source.files.map(async (file, index): Promise<FrozenFile> => {
      const object = frozenObject(pipeline, run, `${source.run}-${file.role}`, index + 1);
      await copyFile(runs, file, object);
      return { ...file, object };
    }),
  );
  return { files, notes: source.notes };
}

async function copyFile(runs: ObjectStore, file: FrozenFile, object: string): Promise<void> {
  const found = await runs.info(file.object);
  const answer =
    found === undefined
      ? ({ kind: 'gone' } as const)
      : await runs.copyFrom(object, { bucket: runs.bucket, ...found }, { bearsTime: true });
  if (answer.kind === 'landed') return;
  // A copy is of one version, so one that exists is this one.
  if ((await runs.info(object)) !== undefined) return;
  if (answer.kind === 'gone')
    throw new PermanentError(`gs://${runs.bucket}/${file.object} is no longer kept`, {
      code: 'INPUT_MISMATCH',
    });
  throw notThere(runs, object, answer);
}
