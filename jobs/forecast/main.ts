// The container's entry: builds the ports from the environment, tells the story, and says how it ended.
import { messageOf } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { createLog } from '../../shared/logging.ts';
import { readConfig } from './config.ts';
import { seasonalEngine } from './engine/seasonal.ts';
import { forecast } from './forecast.ts';

try {
  const config = readConfig(process.env);
  const google = { ...config, REGION: '' };
  await forecast(
    {
      runs: gcsStore(config.RUNS_BUCKET, google),
      results: gcsStore(config.RESULTS_BUCKET, google),
      models: gcsStore(config.MODELS_BUCKET, google),
      engine: seasonalEngine(config.COUNTRY),
      clock: () => new Date(),
      log: createLog('forecast').child({ run: config.RUN_ID, attempt: config.ATTEMPT }),
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
