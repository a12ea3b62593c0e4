// Uploads that Cloud Storage cuts off or forgets: none of it is a verdict on the file, and each says what was answered.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

let mesh: WatchedMesh;
before(async () => {
  mesh = await startMesh();
  mesh.cloud.storage.ensureBucket({ name: 'results', location: 'EU', projectId: PROJECT });
});
after(() => mesh.close());

for (const [status, reason, passes] of [
  [410, 'gone', true],
  [404, 'notFound', true],
  [400, 'uploadBrokenConnection', true],
  [499, 'cancelled', true],
  [400, 'invalid', false],
] as const) {
  test(`an upload answered ${status} ${reason} ${passes ? 'passes' : 'is refused'}, with its reason`, async () => {
    const store = gcsStore('results', mesh.config);
    const refuse = { status, reason, message: `the upload ended: ${reason}` };
    mesh.cloud.api.faults.plan({ method: 'PUT', url: /\/upload\//, action: { refuse } });
    const name = `${status}-${reason}.csv`;
    const write = () => store.createFrom(name, Readable.from([Buffer.from('a,b\n')]), 'text/csv');
    await assert.rejects(write(), (error: unknown) => {
      assert.ok(error instanceof (passes ? TransientError : PermanentError));
      assert.match(error.message, new RegExp(`gs://results/${name}: .*the upload ended: ${reason}`));
      return true;
    });
    assert.deepEqual(mesh.cloud.api.faults.unused(), []);
    assert.equal((await write()).kind, 'landed');
  });
}
