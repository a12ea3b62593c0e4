// The seam of all stages: each reads the files of earlier ones, and makes files of its own.
import type { City } from '../city/city.ts';

/** In the order in which they run. */
export const STAGES = [
  'ingest',
  'preprocess',
  'features',
  'train',
  'evaluate',
  'indicators',
  'publish',
  'report',
] as const;
export type StageName = (typeof STAGES)[number];

export interface StageFile {
  readonly name: string;
  /** The media type. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** The files that earlier stages made. */
export interface StageInputs {
  /** The names of the stage's files, in the order of the alphabet. */
  names(stage: StageName): readonly string[];
  /** Throws where the stage has no such file. */
  read(stage: StageName, name: string): Promise<Buffer>;
}

export interface StageWork {
  readonly city: City;
  readonly inputs: StageInputs;
  /** When the input of the run was frozen: the only time that may stand in a file. ISO, UTC. */
  readonly frozenAt: string;
  /** `share` is 0 to 1. */
  readonly progress: (share: number, text: string) => void;
}

/** Given the same files and settings, a stage makes the same bytes: on any machine, in any attempt. */
export interface Stage {
  readonly name: StageName;
  /** Rises with every change of what the stage makes, so that nothing older is taken from the cache. */
  readonly version: number;
  /** The stages whose files it reads. */
  readonly reads: readonly StageName[];
  /** The part of the city's configuration that it depends on. */
  readonly settings: (city: City) => unknown;
  readonly run: (work: StageWork) => Promise<readonly StageFile[]>;
}
