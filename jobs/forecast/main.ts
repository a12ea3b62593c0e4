// The container's entry: builds the ports from the environment, tells the story, and says how it ended.
import { availableParallelism } from 'node:os';
import { messageOf } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { createLog } from '../../shared/logging.ts';
import { readConfig } from './config.ts';
import { chooseEngine } from './engine/choose.ts';
import { forecast } from './forecast.ts';

/** Each thread holds a matrix of its own; a larger machine is no reason to run out of memory. */
const MOST_OWN_THREADS = 8;

try {
  const config = readConfig(process.env);
  const google = { ...config, REGION: '' };
  const log = createLog('forecast').child({ run: config.RUN_ID, attempt: config.ATTEMPT });
  const models = gcsStore(config.MODELS_BUCKET, google);
  const choice = {
    pipeline: config.PIPELINE,
    country: config.COUNTRY,
    fallback: config.ENGINE_FALLBACK,
    library: config.XGBOOST_LIBRARY,
    threads: config.THREADS ?? Math.min(availableParallelism(), MOST_OWN_THREADS),
  };
  await forecast(
    {
      runs: gcsStore(config.RUNS_BUCKET, google),
      results: gcsStore(config.RESULTS_BUCKET, google),
      engine: chooseEngine(choice, models, log),
      clock: () => new Date(),
      log,
    },
    {
      pipeline: config.PIPELINE,
      run: config.RUN_ID,
      attempt: config.ATTEMPT,
      horizonDays: config.HORIZON_DAYS,
      country: config.COUNTRY,
    },
  );
} catch (error) {
  process.stderr.write(`forecast failed: ${messageOf(error)}\n`);
  if (error instanceof Error && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
