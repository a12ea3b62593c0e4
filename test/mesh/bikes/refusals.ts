// Over a mesh that has published once, what must change nothing: exports that cannot be used, and a published model whose bytes are not what was published.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { toJson } from '../../../shared/objects/json.ts';
import { pointerObject } from '../../../shared/publications/names.ts';
import { readRegister } from '../../../shared/publications/register.ts';
import type { Pointer } from '../../../shared/publications/pointer.ts';
import { DATA } from '../../jobs/train-bikes/exports.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { DAYS, record, timeAt } from './counters.ts';
import { mesh } from './one-mesh.ts';
import { versionIn } from './start-bikes.ts';

const QUESTION = { records: [record('counter 1', timeAt(DAYS + 1, 9))] };
const MESSY = '24-too-many-and-too-few-fields.csv';
const TYPE = 'application/json';

/** Damages of a descriptor's bytes, each with what the service says of it. */
const DAMAGES: readonly {
  readonly what: string;
  readonly file: string;
  readonly damage: (bytes: Buffer) => Buffer;
  /** The pointer has the size and the checksum of the damaged bytes: only the model itself is wrong. */
  readonly isDescribed: boolean;
  readonly says: RegExp;
}[] = [
  {
    what: 'whose bytes are not those that were published',
    file: 'reg-gbt.ubj',
    damage: (bytes) => Buffer.from(bytes).fill(bytes[100]! ^ 1, 100, 101),
    isDescribed: false,
    says: /reg-gbt\.ubj differs from the SHA-256/,
  },
  {
    what: 'that is cut off',
    file: 'reg-gbt.ubj',
    damage: (bytes) => bytes.subarray(0, bytes.length / 2),
    isDescribed: false,
    says: /has \d+ bytes; expected \d+/,
  },
  {
    what: 'that is cut off, with a valid checksum of what is left',
    file: 'reg-nn.json',
    damage: (bytes) => bytes.subarray(0, bytes.length / 2),
    isDescribed: true,
    says: /reg-nn\.json/,
  },
  {
    what: 'whose descriptor is not one, with a valid checksum',
    file: 'reg.json',
    damage: () => Buffer.from('{"format":1}'),
    isDescribed: true,
    says: /reg\.json|descriptor/,
  },
];

/** Over a mesh that has published once; what is published is the same after it. */
describe('a published model', xgboostHere, () => {
  let good: Pointer;
  before(async () => {
    good = await mesh.pointer('reg');
    const { body } = await mesh.ask('reg', 'POST /refresh_model');
    assert.partialDeepStrictEqual(body, { serving: { version: good.publication } });
  });

  async function writePointer(next: Pointer): Promise<void> {
    const name = pointerObject('bikes', 'reg');
    const { generation = '' } = (await mesh.exports.info(name)) ?? {};
    await mesh.exports.remove(name, generation);
    await mesh.exports.create(name, toJson(next), TYPE);
  }

  /** A publication whose one file is a damaged copy, and the pointer that names it. */
  async function damaged(
    { file, damage, isDescribed }: (typeof DAMAGES)[number],
    number: number,
  ): Promise<Pointer> {
    const published = good.files.find(({ name }) => name === file)!;
    const chunks: Buffer[] = [];
    for await (const chunk of mesh.exports.read(published.object, published.generation))
      chunks.push(chunk as Buffer);
    const publication = `bikes-00000${number}-dddddddd`;
    const object = `bikes/reg/${publication}/attempt-1/${file}`;
    await mesh.exports.create(object, damage(Buffer.concat(chunks)), TYPE);
    const { generation, sizeBytes, crc32c } = (await mesh.exports.info(object))!;
    const own = isDescribed ? { object, generation, sizeBytes, crc32c } : { object, generation };
    const files = good.files.map((each) => (each.name === file ? { ...each, ...own } : each));
    return { ...good, publication, files, ordinal: good.ordinal + number, token: publication };
  }

  for (const [index, each] of DAMAGES.entries()) {
    test(`${each.what} is not served: the last good one answers, and the health says why`, async () => {
      const next = await damaged(each, index + 1);
      await writePointer(next);
      const { status, body } = await mesh.ask('reg', 'POST /refresh_model');
      assert.equal(status, 200);
      assert.partialDeepStrictEqual(body, { changed: false, serving: { version: good.publication } });
      const health = await mesh.ask('reg', 'GET /health');
      assert.equal(health.body['status'], 'degraded');
      const failure = health.body['failure'] as Record<string, unknown>;
      assert.partialDeepStrictEqual(failure, { code: 'MODEL_CORRUPT', version: next.publication });
      assert.match(String(failure['message']), each.says);
      const answer = await mesh.ask('reg', 'POST /predict', { body: QUESTION });
      assert.deepEqual([answer.status, versionIn(answer)], [200, good.publication]);
    });
  }

  test('is served again, and the health is well, once the pointer names what can be loaded', async () => {
    await writePointer({ ...good, ordinal: good.ordinal + DAMAGES.length + 1, token: 'good again' });
    await mesh.ask('reg', 'POST /refresh_model');
    const { body } = await mesh.ask('reg', 'GET /health');
    assert.equal(body['status'], 'ok');
    assert.equal('failure' in body, false);
    await writePointer(good);
  });

  test('stays when the next export is refused, by the name of its file; nothing is registered', async () => {
    await mesh.put(MESSY, readFileSync(`${DATA}messy/${MESSY}`));
    const { outcome, code, reason } = await mesh.tick();
    assert.deepEqual([outcome, code], ['failed', 'INPUT_REFUSED'], reason);
    assert.match(reason, new RegExp(`${MESSY}: found \\d+ of \\d+ rows malformed`));
    for (const service of ['reg', 'class'] as const) {
      assert.equal((await mesh.pointer(service)).publication, good.publication);
      assert.equal((await readRegister(mesh.exports, 'bikes', service, 10)).length, 1);
      const answer = await mesh.ask(service, 'POST /predict', { body: QUESTION });
      assert.deepEqual([answer.status, versionIn(answer)], [200, good.publication]);
    }
  });
});
