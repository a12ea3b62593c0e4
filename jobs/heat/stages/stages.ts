// The eight stages, in the sequence in which they run.
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

/** `xgboost` is the path of libxgboost; where the system's loader finds it when absent. */
export const stagesOf = (raw: readonly RawFile[], xgboost?: string): readonly Stage[] => [
  ingest(raw),
  preprocess,
  features,
  train(xgboost),
  evaluate(xgboost),
  indicators,
  publish,
  report,
];
