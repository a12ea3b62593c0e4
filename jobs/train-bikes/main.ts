// The container's entry: builds the ports from the environment, trains once, and logs how it ended.
import { loadModel } from '../../models/bikes/model.ts';
import { exitOnSigterm } from '../../shared/attempts/termination.ts';
import { messageOf } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { readConfig, type JobConfig } from './config.ts';
import { reportPages } from './report/report.ts';
import { train, type TrainPorts } from './train.ts';
import { trainerOf } from './training/models.ts';

const NAME = 'train-bikes';

try {
  await run(readConfig(process.env));
} catch (error) {
  // The project is not known yet where the environment itself is wrong.
  const { GOOGLE_CLOUD_PROJECT, RUN_ID, PIPELINE } = process.env;
  const log = createLog(NAME, GOOGLE_CLOUD_PROJECT ?? '');
  log.fatal({ pipeline: PIPELINE, run: RUN_ID, err: error }, `${NAME} failed: ${messageOf(error)}`);
  process.exitCode = 1;
}

async function run(config: JobConfig): Promise<void> {
  const attempt = { pipeline: config.PIPELINE, run: config.RUN_ID, attempt: config.ATTEMPT };
  const log = createLog(NAME, config.GOOGLE_CLOUD_PROJECT).child(attempt);
  exitOnSigterm(NAME, log);
  const tracing = openTracing(NAME, config, log);
  const { EXPORTS_BUCKET } = config;
  const ports: TrainPorts = {
    runs: gcsStore(config.RUNS_BUCKET, config),
    results: gcsStore(config.RESULTS_BUCKET, config),
    exports: EXPORTS_BUCKET === undefined ? undefined : gcsStore(EXPORTS_BUCKET, config),
    trainModels: trainerOf({
      library: config.XGBOOST_LIBRARY,
      ...(config.THREADS === undefined ? {} : { threads: config.THREADS }),
    }),
    loadModel,
    reportPages,
    clock: () => new Date(),
    log,
  };
  const execute = () => train(ports, attempt);
  await tracing.during(() => inRun(attempt, 'execute', execute, { 'sluice.attempt': attempt.attempt }));
}
