// The job as its container runs it: a process with an environment, and Cloud Storage over real HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XgboostMissing } from '../../../shared/xgboost/errors.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { startService } from '../../local/storage/service.ts';
import { freeze, RUN, runJob } from './container.ts';

function missing(): string | false {
  try {
    openXgboost(process.env['XGBOOST_LIBRARY']);
    return false;
  } catch (error) {
    if (!(error instanceof XgboostMissing)) throw error;
    return error.message.split('\n')[0] ?? 'XGBoost is not installed';
  }
}

test('the job writes its manifest last, and a second try of the attempt changes nothing', async (context) => {
  const service = await startService(context);
  await freeze(service.bucket);
  const first = await runJob(service.origin);
  assert.equal(first.code, 0, first.stderr);
  const written = service.finalized.map(({ name }) => name).slice(-9);
  const folder = `carmila/${RUN}/attempt-1/`;
  const names = [
    'predictions.csv',
    'predictions_intervals.csv',
    'metrics.json',
    ...['forecast/index.json', 'forecast/clusters.json', 'forecast/sites-1.json'],
    'report.html',
    'report.fr.html',
    'output.json',
  ];
  assert.equal(written.at(-1), `${folder}output.json`);
  // The others are written several at once.
  assert.deepEqual(written.toSorted(), names.map((name) => folder + name).toSorted());
  const [csv] = await service.bucket.file(`${folder}predictions.csv`).download();
  assert.equal(csv.toString().split('\n')[1], 'Évry,Nord,2025-01-01,100,0');

  const count = service.finalized.length;
  const second = await runJob(service.origin);
  assert.equal(second.code, 0, second.stderr);
  assert.equal(service.finalized.length, count);
});

test('logs are JSON lines with a severity, a message and the progress', async (context) => {
  const service = await startService(context);
  await freeze(service.bucket);
  const { stdout } = await runJob(service.origin);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.ok(lines.every(({ message }) => typeof message === 'string'));
  assert.ok(lines.slice(1, -1).every(({ severity }) => severity === 'INFO'));
  assert.match(String(lines.at(-1)?.['message']), /^The trace of this call is lost: /);
  assert.equal(lines[0]?.['severity'], 'WARNING');
  assert.match(
    String(lines[0]['message']),
    /^going on with the seasonal baseline, .*`apt-get install libxgboost0` \(Debian\).*`brew install xgboost`/,
  );
  const last = lines.findLast((line) => 'progress' in line);
  assert.match(String(last?.['message']), /^forecast week (\d+) of \1$/);
});

test(
  'with XGBoost the weeks it learnt are kept in the training cache',
  { skip: missing() },
  async (context) => {
    const service = await startService(context);
    await freeze(service.bucket);
    const library = process.env['XGBOOST_LIBRARY'];
    const env = { XGBOOST_LIBRARY: library, ENGINE_FALLBACK: 'none', THREADS: '1' };
    const { code, stderr } = await runJob(service.origin, env);
    assert.equal(code, 0, stderr);
    const [bytes] = await service.bucket.file(`carmila/${RUN}/attempt-1/output.json`).download();
    const manifest = JSON.parse(bytes.toString()) as { readonly summary: Record<string, unknown> };
    assert.equal(manifest.summary['engine'], 'xgboost');
    const weeks = service.finalized.filter(({ name }) => name.startsWith('carmila/weeks/'));
    assert.ok(weeks.length >= 1);
  },
);

test('without XGBoost and without leave to fall back, the job fails and says how to install it', async (context) => {
  const service = await startService(context);
  await freeze(service.bucket);
  const { code, stdout } = await runJob(service.origin, { ENGINE_FALLBACK: 'none' });
  assert.equal(code, 1);
  assert.match(
    lastWords(stdout),
    /^forecast failed: XGBoost is not installed: run `apt-get install libxgboost0` \(Debian\) or `brew install xgboost`/,
  );
  assert.ok(!service.finalized.some(({ name }) => name.includes('attempt-1')));
});

test('a run without input, and an environment that is wrong, exit 1 and say why in the last line', async (context) => {
  const service = await startService(context);
  const absent = await runJob(service.origin);
  assert.equal(absent.code, 1);
  assert.match(
    lastWords(absent.stdout),
    /^forecast failed: gs:\/\/bkt\/carmila\/000001-3fa9c1d2\/input\.json does not exist$/,
  );
  const wrong = await runJob(service.origin, { ATTEMPT: 'first' });
  assert.equal(wrong.code, 1);
  assert.match(
    lastWords(wrong.stdout),
    /^forecast failed: the environment is wrong:\n {2}ATTEMPT: found "first"/,
  );
  assert.deepEqual(service.finalized, []);
});

/** The message of the last line, which Error Reporting is to take for an error. */
function lastWords(stdout: string): string {
  const line = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
  assert.equal(line['severity'], 'CRITICAL');
  assert.match(String(line['@type']), /ReportedErrorEvent$/);
  assert.match(String(line['stack_trace']), /\n {4}at /);
  return String(line['message']);
}
