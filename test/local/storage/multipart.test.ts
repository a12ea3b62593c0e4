// The multipart parser against every way to write and to cut the same body.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMultipart } from '../../../local/storage/multipart.ts';

// Bytes that look like the marks around them are the interesting ones.
const piece = fc.constantFrom('\r', '\n', '-', '--', '--B', '\r\n--', '\n--', 'B', 'x', '\r\n\r\n', '\0');
const data = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

test('whatever the line ends, the quotes and the chunks, the data comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(
      data,
      fc.constantFrom('\r\n', '\n'),
      fc.constantFrom('', "'", '"'),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (bytes, newline, quote, chunkBytes, hasEpilogue) => {
        const boundary = '==B: 1==';
        fc.pre(!`${newline}${bytes}`.includes(`${newline}--${boundary}`));
        const head = ['content-type: text/csv', 'mime-version: 1.0', ''];
        const body = [
          ...[`--${boundary}`, 'Content-Type: application/json', '', '{"name": "x"}'],
          ...[`--${boundary}`, ...head, bytes, `--${boundary}--${hasEpilogue ? newline : ''}`],
        ].join(newline);
        const type = `multipart/related; boundary=${quote === '' ? `"${boundary}"` : quote + boundary + quote}`;
        const upload = await readMultipart(chunks(body, chunkBytes), type);
        assert.deepEqual(JSON.parse(upload.metadata), { name: 'x' });
        assert.equal(upload.contentType, 'text/csv');
        assert.equal(await collect(upload.data), bytes);
      },
    ),
    { numRuns: 500 },
  );
});

test('a body cut short anywhere is refused', async () => {
  const body = '--B\r\n\r\n{}\r\n--B\r\n\r\nsome data\r\n--B--';
  for (let length = 0; length < body.length; length++) {
    const read = async () => {
      const upload = await readMultipart(chunks(body.slice(0, length), 7), 'multipart/related; boundary=B');
      return collect(upload.data);
    };
    await assert.rejects(read(), { code: 400 }, `cut after ${length} bytes`);
  }
});

test('a third part, a missing boundary and a wrong one are refused', async () => {
  const read = async (body: string, type: string) =>
    collect((await readMultipart(chunks(body, 9), type)).data);
  const three = '--B\n\n{}\n--B\n\none\n--B\n\ntwo\n--B--';
  await assert.rejects(read(three, 'multipart/related; boundary=B'), { code: 400 });
  await assert.rejects(read(three, 'multipart/related'), { code: 400 });
  await assert.rejects(read(three, 'multipart/related; boundary=C'), { code: 400 });
});

test('a head with headers without end is refused', async () => {
  const body = `--B\n${'x: y\n'.repeat(1000)}\n{}\n--B\n\ndata\n--B--`;
  await assert.rejects(readMultipart(chunks(body, 64), 'multipart/related; boundary=B'), {
    code: 400,
    message: /more than 100 headers/,
  });
});

async function* chunks(body: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts).toString();
}
