// Google's own `bq` against the local BigQuery, where it is installed.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openLocalBigQuery } from './open-bigquery.ts';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const isInstalled = (() => {
  try {
    return execFileSync('which', ['bq'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
})();

test('bq loads and asks', { skip: isInstalled ? false : 'bq is not on the PATH' }, async () => {
  const local = await openLocalBigQuery();
  const configFolder = mkdtempSync(join(tmpdir(), 'sluice-bq-'));
  const bq = async (...args: string[]) => {
    const shared = [
      `--api=http://127.0.0.1:${local.port}`,
      '--oauth_access_token=local',
      '--project_id=p',
      '--location=EU',
    ];
    const { stdout } = await promisify(execFile)('bq', [...shared, ...args], {
      env: {
        ...process.env,
        CLOUDSDK_CONFIG: configFolder,
        HOME: configFolder,
        CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      },
      timeout: LONGEST_PROCESS_MS,
    });
    return stdout;
  };
  try {
    const uri = local.put('a.csv', 'n,s\n1,a\n2,b\n');
    await bq(
      'load',
      '--source_format=CSV',
      '--skip_leading_rows=1',
      '--replace',
      'ds.loaded',
      uri,
      'n:INTEGER,s:STRING',
    );
    const answered = await bq(
      'query',
      '--quiet',
      '--format=json',
      '--use_legacy_sql=false',
      'SELECT n, s FROM ds.loaded ORDER BY n',
    );
    assert.deepEqual(JSON.parse(answered.slice(answered.indexOf('['))), [
      { n: '1', s: 'a' },
      { n: '2', s: 'b' },
    ]);
  } finally {
    await local.close();
    rmSync(configFolder, { recursive: true, force: true });
  }
});
