// The container's entry: builds the ports from the environment, runs one attempt, and logs how it ended.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { exitOnSigterm } from '../../shared/attempts/termination.ts';
import { messageOf } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { inRun } from '../../shared/tracing/spans.ts';
import { placesOf, readConfig, type JobConfig } from './config.ts';
import { fetchHttp } from './fetching/http/fetch-http.ts';
import { heat, type HeatPorts } from './heat.ts';
import { stagesOf } from './stages/stages.ts';

const NAME = 'heat';
/** Half of an attempt: the stages need the rest. */
const LONGEST_WAIT_MS = 30 * 60_000;

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
  const folder = await mkdtemp(join(tmpdir(), 'heat-'));
  const ports: HeatPorts = {
    runs: gcsStore(config.RUNS_BUCKET, config),
    results: gcsStore(config.RESULTS_BUCKET, config),
    ...(config.REQUESTS_BUCKET === undefined ? {} : { requests: gcsStore(config.REQUESTS_BUCKET, config) }),
    cache: gcsStore(config.TRAINING_CACHE_BUCKET, config),
    fetching: {
      sending: {
        http: fetchHttp,
        places: placesOf(config),
        wait: async (ms) => void (await wait(ms)),
        info: (text) => log.info(text),
      },
      cdsKey: config.CDS_API_KEY,
      longestWaitMs: LONGEST_WAIT_MS,
    },
    folder,
    stagesOf: (raw) => stagesOf(raw, config.XGBOOST_LIBRARY),
    clock: () => new Date(),
    log,
  };
  try {
    const execute = () => heat(ports, attempt);
    await tracing.during(() => inRun(attempt, 'execute', execute, { 'sluice.attempt': attempt.attempt }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
