// Each identity has a port of its own; a cloud can ask for those of one that was closed.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../local/clock.ts';
import { openCloud, type Cloud, type CloudOptions } from '../../local/cloud.ts';
import { OPERATOR } from '../../local/http/api.ts';
import { randomIds } from '../../local/ids.ts';

const root = mkdtempSync(join(tmpdir(), 'ports-of-identities-'));
after(() => rmSync(root, { recursive: true, force: true }));

function open(name: string, portFor?: CloudOptions['portFor']): Promise<Cloud> {
  const drive = join(root, name, 'drive');
  mkdirSync(drive, { recursive: true });
  return openCloud({
    ...{ folder: join(root, name, 'cloud'), projectId: 'p1', driveFolders: { 'folder-1': drive } },
    ...{ images: () => undefined, clock: systemClock, newId: randomIds, chance: () => 0 },
    ...(portFor && { portFor }),
  });
}

test('a port that is asked for is taken where it is free, and another one where it is not', async () => {
  const first = await open('first');
  const asked: string[] = [];
  const theSame = (identity: string) => {
    asked.push(identity);
    return identity === OPERATOR ? Number(new URL(first.endpoint).port) : undefined;
  };
  const second = await open('second', theSame);
  assert.notEqual(second.endpoint, first.endpoint);
  await first.close();
  const third = await open('third', theSame);
  assert.equal(third.endpoint, first.endpoint);
  const { GOOGLE_API_ENDPOINT } = await third.envOf('someone@p1.iam.gserviceaccount.com');
  assert.notEqual(GOOGLE_API_ENDPOINT, third.endpoint);
  assert.deepEqual(asked, [OPERATOR, OPERATOR, 'someone@p1.iam.gserviceaccount.com']);
  await second.close();
  await third.close();
});
