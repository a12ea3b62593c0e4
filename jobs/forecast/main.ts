// The container's entry: builds the ports from the environment, runs one attempt, and logs how it ended.
import { availableParallelism } from 'node:os';
import { exitOnSigterm } from '../../shared/attempts/termination.ts';
import { messageOf } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { readConfig, type JobConfig } from './config.ts';
import { chooseEngine } from './engine/choose.ts';
import { forecast } from './forecast.ts';

/** Each thread holds a matrix of its own; a larger machine is no reason to run out of memory. */
const MOST_OWN_THREADS = 8;

try {
  await run(readConfig(process.env));
} catch (error) {
  // The project is not known yet where the environment itself is wrong.
  const { GOOGLE_CLOUD_PROJECT, RUN_ID, PIPELINE } = process.env;
  const log = createLog('forecast', GOOGLE_CLOUD_PROJECT ?? '');
  log.fatal({ pipeline: PIPELINE, run: RUN_ID, err: error }, `forecast failed: ${messageOf(error)}`);
  process.exitCode = 1;
}

async function run(config: JobConfig): Promise<void> {
  const attempt = { pipeline: config.PIPELINE, run: config.RUN_ID, attempt: config.ATTEMPT };
  const log = createLog('forecast', config.GOOGLE_CLOUD_PROJECT).child(attempt);
  exitOnSigterm('forecast', log);
  const tracing = openTracing('forecast', config, log);
  const cache = gcsStore(config.TRAINING_CACHE_BUCKET, config);
  const choice = {
    pipeline: config.TRAINING_OF ?? config.PIPELINE,
    country: config.COUNTRY,
    fallback: config.ENGINE_FALLBACK,
    library: config.XGBOOST_LIBRARY,
    threads: config.THREADS ?? Math.min(availableParallelism(), MOST_OWN_THREADS),
  };
  const execute = () =>
    forecast(
      {
        runs: gcsStore(config.RUNS_BUCKET, config),
        ...(config.REQUESTS_BUCKET === undefined
          ? {}
          : { requests: gcsStore(config.REQUESTS_BUCKET, config) }),
        results: gcsStore(config.RESULTS_BUCKET, config),
        engine: chooseEngine(choice, cache, log),
        clock: () => new Date(),
        log,
      },
      { ...attempt, horizonDays: config.HORIZON_DAYS, country: config.COUNTRY },
    );
  await tracing.during(() => inRun(attempt, 'execute', execute, { 'sluice.attempt': attempt.attempt }));
}
