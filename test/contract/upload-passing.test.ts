// Uploads that Cloud Storage cuts off or forgets: none of it is a verdict on the file, and each says what was answered.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openGround, PROJECT, type Ground } from './cloud.ts';

let ground: Ground;
before(async () => {
  ground = await openGround();
  ground.cloud.storage.ensureBucket({ name: 'results', location: 'EU', projectId: PROJECT });
});
after(() => ground.close());

for (const [status, reason, passes] of [
  [410, 'gone', true],
  [404, 'notFound', true],
  [400, 'uploadBrokenConnection', true],
  [499, 'cancelled', true],
  [400, 'invalid', false],
] as const) {
  test(`an upload answered ${status} ${reason} ${passes ? 'passes' : 'is refused'}, and says so`, async () => {
    const store = gcsStore('results', ground.config);
    const refuse = { status, reason, message: `the upload ended: ${reason}` };
    ground.cloud.api.faults.plan({ method: 'PUT', url: /\/upload\//, action: { refuse } });
    const name = `${status}-${reason}.csv`;
    const write = () => store.createFrom(name, Readable.from([Buffer.from('a,b\n')]), 'text/csv');
    await assert.rejects(write(), (error: unknown) => {
      assert.ok(error instanceof (passes ? TransientError : PermanentError));
      assert.match(error.message, new RegExp(`gs://results/${name}: .*the upload ended: ${reason}`));
      return true;
    });
    assert.deepEqual(ground.cloud.api.faults.unused(), []);
    assert.equal((await write()).kind, 'landed');
  });
}
