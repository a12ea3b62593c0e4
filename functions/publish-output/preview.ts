// The preview of a replay: the stored output is staged, checked and compared with what is published.
import type { ErrorCode } from '../../shared/error-codes.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { planReplay, summaryOf, type ReplayKind, type ReplayPlan } from '../../shared/warehouse/plan.ts';
import type { DataManifest } from '../../shared/publications/manifest-file.ts';
import { stageOutput, type StagedOutput, type StagePorts } from '../../shared/publications/stage.ts';
import { storedOutput, type StoredRun } from './stored-output.ts';

export interface PreviewPorts extends StagePorts {
  readonly runs: ObjectStore;
  readonly now: () => number;
  readonly log: Log;
}

export interface Preview extends StoredRun {
  readonly kind: ReplayKind;
  /** Names the staging tables. */
  readonly publication: string;
}

/** `unfit`: there is nothing to publish, or it may not be; `outcome` says which. */
export type Previewed =
  | {
      readonly kind: 'previewed';
      readonly manifest: DataManifest;
      readonly staged: StagedOutput;
      readonly plan: ReplayPlan;
    }
  | {
      readonly kind: 'unfit';
      readonly outcome: 'failed' | 'quarantined';
      readonly code: ErrorCode;
      readonly reason: string;
      readonly attempt: number;
    };

export async function previewReplay(preview: Preview, ports: PreviewPorts): Promise<Previewed> {
  const { pipeline, run, publication } = preview;
  const manifest = await storedOutput(preview, ports);
  if ('reason' in manifest)
    return { kind: 'unfit', outcome: 'failed', code: manifest.code, reason: manifest.reason, attempt: 0 };
  const { attempt } = manifest;
  const staged = await stageOutput(pipeline, manifest, publication, ports);
  if (staged.kind === 'unfit')
    return { kind: 'unfit', outcome: 'quarantined', code: staged.code, reason: staged.reason, attempt };
  const plan = await planReplay(ports.warehouse, { ...preview, ...plannedOf(staged) });
  ports.log.info({ pipeline: pipeline.name, run, plan }, summaryOf(plan));
  return { kind: 'previewed', manifest, staged, plan };
}

/** The objects of the results bucket that would be published. */
function plannedOf({ tables, objects }: StagedOutput) {
  const files = objects.map(({ output, files: own }) => ({
    output: output.name,
    files: own.map(({ name, info }) => ({ name, crc32c: info.crc32c })),
  }));
  const stored = objects.flatMap(({ files: own }) => own.map(({ info }) => ({ ...info, object: info.name })));
  const outputs = [...tables, ...stored].map(({ object, generation, crc32c }) => ({
    object,
    generation,
    crc32c,
  }));
  return { outputs, files };
}
