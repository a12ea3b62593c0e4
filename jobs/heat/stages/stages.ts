// The eight stages, in the sequence in which they run.
import type { Fetch } from '../input/fetch.ts';
import type { RawFile } from '../input/raw-files.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { features } from './features/features.ts';
import { indicators } from './indicators/indicators.ts';
import { ingest } from './ingest/ingest.ts';
import { preprocess } from './preprocess/preprocess.ts';
import { publish } from './publish/publish.ts';
import { report } from './report/report.ts';
import type { Stage } from './stage.ts';
import { train } from './train/train.ts';

/** `fetch` asks the services of sources whose files are not in the bucket. */
export const stagesOf = (raw: readonly RawFile[], fetch?: Fetch): readonly Stage[] => [
  ingest(raw, fetch),
  preprocess,
  features,
  train,
  evaluate,
  indicators,
  publish,
  report,
];
