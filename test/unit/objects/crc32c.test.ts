// The checksum without a native library gives what the native one gives, in whatever parts the bytes come.
import { crc32c } from '@node-rs/crc32';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Crc32c } from '../../../shared/objects/crc32c.ts';

const base64Of = (parts: readonly Uint8Array[]): string => {
  const sum = new Crc32c();
  for (const part of parts) sum.add(part);
  return sum.base64;
};

test('the checksum of the standard example, and of nothing', () => {
  // RFC 3720, appendix B.4: 32 bytes of zeros have the CRC32C 8a9136aa.
  assert.equal(base64Of([new Uint8Array(32)]), Buffer.from('8a9136aa', 'hex').toString('base64'));
  assert.equal(base64Of([]), 'AAAAAA==');
});

test('bytes in parts have the checksum of the whole', () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_none, index) => (index * index * 31) & 0xff));
  const expected = Buffer.alloc(4);
  expected.writeUInt32BE(crc32c(bytes));
  assert.equal(base64Of([bytes]), expected.toString('base64'));
  assert.equal(
    base64Of([bytes.subarray(0, 1), bytes.subarray(1, 777), bytes.subarray(777)]),
    expected.toString('base64'),
  );
});
