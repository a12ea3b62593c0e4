// LZW and PackBits of tiles: what encoders write is read, and what would fill the memory is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lzw } from '../../../../jobs/heat/formats/cog/lzw.ts';
import { inflateLzw, inflatePackBits } from '../../../../jobs/heat/formats/geotiff/inflate.ts';
import { seededRandom } from '../../../../models/downscale/unet/random.ts';

const random = seededRandom(7);
const texts: ReadonlyMap<string, Uint8Array> = new Map([
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(9)],
  ['zeros', new Uint8Array(100_000)],
  ['noise', Uint8Array.from({ length: 30_000 }, () => 256 * random())],
  ['few letters', Uint8Array.from({ length: 30_000 }, () => 3 * random())],
  ['waves', Uint8Array.from({ length: 50_000 }, (_, at) => 128 + 100 * Math.sin(at / 40))],
]);

for (const [name, text] of texts)
  test(`LZW of ${name} is read as it was`, () => {
    assert.deepEqual(
      new Uint8Array(inflateLzw(lzw(text), { maxOutputLength: text.length })),
      new Uint8Array(text),
    );
  });

test('a megabyte of LZW that stands for a gigabyte is refused at the bound', () => {
  const bomb = lzw(new Uint8Array(2 ** 24));
  assert.ok(bomb.length < 2 ** 24 / 500, String(bomb.length));
  assert.throws(() => inflateLzw(bomb, { maxOutputLength: 2 ** 20 }), /more than 1048576 bytes/);
});

test('codes without a text are refused', () => {
  // Nine bits each: clear, then the code 300.
  const bytes = Uint8Array.of(0x80, 0x4b, 0);
  assert.throws(() => inflateLzw(bytes, { maxOutputLength: 10 }), /an LZW code 300 of 258/);
});

test('damaged LZW gives bytes within the bound, or a refusal', () => {
  const whole = lzw(texts.get('few letters')!);
  for (let round = 0; round < 300; round++) {
    const damaged = Buffer.from(whole.subarray(0, Math.ceil(random() * whole.length)));
    const at = Math.floor(random() * damaged.length);
    damaged[at] = damaged[at]! ^ (1 << Math.floor(8 * random()));
    try {
      assert.ok(inflateLzw(damaged, { maxOutputLength: 40_000 }).length <= 40_000);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  }
});

test('PackBits: the example of its description is read, and a longer tile is refused', () => {
  const packed = Buffer.from('fe aa 02 80 00 2a fd aa 03 80 00 2a 22 f7 aa'.replaceAll(' ', ''), 'hex');
  const text = 'aa aa aa 80 00 2a aa aa aa aa 80 00 2a 22 aa aa aa aa aa aa aa aa aa aa'.replaceAll(' ', '');
  assert.equal(inflatePackBits(packed, { maxOutputLength: 24 }).toString('hex'), text);
  assert.throws(() => inflatePackBits(packed, { maxOutputLength: 23 }), /more than 23 bytes/);
  assert.equal(inflatePackBits(Uint8Array.of(128, 0, 7), { maxOutputLength: 5 }).toString('hex'), '07');
});
