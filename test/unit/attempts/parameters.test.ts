// The parameters of a requested run: read from the requests bucket, verified like every frozen file.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fetchFiles } from '../../../shared/attempts/input.ts';
import { parametersIn } from '../../../shared/attempts/parameters.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { RequestContent } from '../../../shared/requests/entry.ts';
import { PARAMETERS_ROLE } from '../../../shared/requests/names.ts';
import type { InputManifest } from '../../../shared/runs/input.ts';

const AT = '2026-11-27T08:00:00.000Z';
const OBJECT = 'content/sleeps/x.json';
const CONTENT: RequestContent = { kind: 'content', parameters: { seconds: 3 } };
const ERASED: RequestContent = { kind: 'erased', by: 'ada', at: AT };

async function stored(content: RequestContent, frozen = content) {
  const requests = new MemoryStore('requests');
  await requests.create(OBJECT, toJson(content), 'application/json');
  const text = Buffer.from(toJson(frozen));
  const file = {
    role: PARAMETERS_ROLE,
    name: 'parameters.json',
    object: OBJECT,
    bucket: 'requests' as const,
    sizeBytes: text.length,
    md5: createHash('md5').update(text).digest('base64'),
  };
  const manifest: InputManifest = {
    pipeline: 'sleeps',
    run: 'x',
    revision: 'x',
    files: [file],
    frozenAt: AT,
  };
  return { requests, manifest };
}
const runs = new MemoryStore('runs');

test('the job reads the parameters from the requests bucket', async () => {
  const { requests, manifest } = await stored(CONTENT);
  assert.deepEqual(parametersIn(await fetchFiles(runs, manifest, requests)), { seconds: 3 });
});

test('content that was erased after it was frozen is a mismatch, and a tombstone is no parameters', async () => {
  const { requests, manifest } = await stored(ERASED, CONTENT);
  await assert.rejects(fetchFiles(runs, manifest, requests), /expected/);
  const both = await stored(ERASED);
  const files = await fetchFiles(runs, both.manifest, both.requests);
  assert.throws(() => parametersIn(files), /was erased at 2026/);
});

test('a job without the bucket, and an input without parameters, say so', async () => {
  const { manifest } = await stored(CONTENT);
  await assert.rejects(fetchFiles(runs, manifest), /REQUESTS_BUCKET is not set/);
  assert.throws(() => parametersIn([]), /no file of the role parameters/);
});
