// The command line that operators have: `gcloud storage`, unmodified.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startService, temporaryFolder } from './service.ts';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const run = promisify(execFile);
const gcloud = findOnPath('gcloud');

test(
  'gcloud storage copies up, refuses to overwrite, lists, shows, copies down and removes',
  { skip: gcloud === undefined && 'gcloud is not on the PATH' },
  async (context) => {
    const folder = temporaryFolder(context);
    const { bucket, origin } = await startService(context);
    const env = {
      ...process.env,
      CLOUDSDK_CONFIG: join(folder, 'config'),
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_PROJECT: 'p',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${origin}/`,
    };
    const storage = async (...words: string[]) =>
      (await run(gcloud ?? '', ['storage', ...words], { env, timeout: LONGEST_PROCESS_MS })).stdout;
    const [up, down] = [join(folder, 'up.csv'), join(folder, 'down.csv')];
    writeFileSync(up, 'a,b\r\n1,2\n');

    await storage('cp', '--if-generation-match=0', up, 'gs://bkt/in/é 1.csv');
    assert.equal((await bucket.file('in/é 1.csv').download())[0].toString(), 'a,b\r\n1,2\n');
    const [again, listed, shown] = await Promise.all([
      storage('cp', '--if-generation-match=0', up, 'gs://bkt/in/é 1.csv').then(
        () => 'overwritten',
        (error: { stderr: string }) => error.stderr,
      ),
      storage('ls', 'gs://bkt/in/'),
      storage('cat', 'gs://bkt/in/é 1.csv'),
    ]);
    assert.match(again, /412|pre-?condition/i);
    assert.equal(listed.trim(), 'gs://bkt/in/é 1.csv');
    assert.equal(shown, 'a,b\r\n1,2\n');
    await storage('cp', 'gs://bkt/in/é 1.csv', down);
    assert.deepEqual(readFileSync(down), readFileSync(up));
    await storage('rm', 'gs://bkt/in/é 1.csv');
    assert.deepEqual(await bucket.file('in/é 1.csv').exists(), [false]);
  },
);

function findOnPath(command: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
