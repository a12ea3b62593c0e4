// Files as they are stored: gzip and its bombs, encodings, several files, rows in any order.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { csv, GOOD, HEADER, inMemory, messagesOf, read, valuesBeside, valuesOf } from './exports.ts';

const ROWS = ['Pont Neuf N-S;1;2021-01-01T00:00:00Z', 'Rue É;2;2021-01-01T01:00:00Z'];
const TEXT = csv(...ROWS);
const VALUES = ['Pont Neuf N-S 2021-01-01T00 1', 'Rue É 2021-01-01T01 2'];

test('gzip is known by its bytes, in one part or several', async () => {
  assert.deepEqual(valuesOf(await read(gzipSync(TEXT))), VALUES);
  const parts = Buffer.concat([gzipSync(csv(ROWS[0]!)), gzipSync(`${ROWS[1]!}\n`)]);
  assert.deepEqual(valuesOf(await read(parts)), VALUES);
});

test('gzip that is cut at any byte is refused by its name', async () => {
  const whole = gzipSync(csv(...GOOD));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
      const found = await read([inMemory(whole.subarray(0, length), 'cut.csv.gz')]);
      const [message] = messagesOf(found);
      assert.match(
        message ?? '',
        /^cut\.csv\.gz(, line 1)?: found (an empty file|no header|gzip that is cut off)/,
      );
    }),
    { numRuns: 200, examples: [[0], [1], [2], [9], [10], [whole.length - 1], [whole.length - 8]] },
  );
});

test('gzip with any byte changed is read as it was or refused by its name, and never fails', async () => {
  const whole = gzipSync(csv(...GOOD));
  const good = valuesOf(await read(whole));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ change;
      const found = await read(bytes);
      // The name, the time and the system in its header are under no checksum.
      if (found.kind === 'read') assert.deepEqual(valuesOf(found), good);
      else assert.match(messagesOf(found)[0] ?? '', /^counts\.csv/);
    }),
    { numRuns: 200 },
  );
});

test('a gzip bomb is refused by its ratio and by its size, long before it is inflated', async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(TEXT), Buffer.alloc(40_000_000, ' ')]));
  assert.deepEqual(messagesOf(await read(bomb)), [
    'counts.csv: found gzip that inflates to over 200 times its size; expected the gzip of an export',
  ]);
  const large = await read(gzipSync(csv(...GOOD)), { bounds: { mostBytes: 1000, mostRatio: 200 } });
  assert.deepEqual(messagesOf(large), ['counts.csv: found over 1000 bytes when inflated; expected less']);
  const twice = await read(gzipSync(gzipSync(TEXT)));
  assert.match(messagesOf(twice)[0] ?? '', /^counts\.csv, line 1: found no header/);
});

test('each encoding gives the same text, whatever the pieces in which it arrives', async () => {
  const utf16 = Buffer.from(`\ufeff${TEXT}`, 'utf16le');
  const encodings = [
    Buffer.from(TEXT),
    Buffer.from(`\ufeff${TEXT}`),
    Buffer.from(TEXT, 'latin1'),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(Buffer.from(TEXT).toString('latin1')),
    gzipSync(TEXT),
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...encodings), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const found = await read([{ name: 'a.csv', open: () => Readable.from(pieces) }]);
      assert.deepEqual(valuesOf(found), VALUES);
    }),
    { numRuns: 100 },
  );
});

test('a quoted field with line breaks is one field, wherever the pieces end', async () => {
  const text = csv(
    '"Rue ""A"";\nN-S";1;2021-01-01T00:00:00Z',
    '"lost;2;2021-01-01T00:00:00Z',
    ...GOOD,
  ).replaceAll('\n', '\r\n');
  const whole = await read(text);
  assert.deepEqual(valuesBeside(whole), ['Rue A; N-S 2021-01-01T00 1']);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (size) => {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        Buffer.from(text.slice(index * size, (index + 1) * size)),
      );
      const found = await read([{ name: 'counts.csv', open: () => Readable.from(pieces) }]);
      assert.deepEqual(found, whole);
    }),
    { numRuns: 60 },
  );
});

test('a file may be in UTF-8 in one part and in Latin-1 in another', async () => {
  const mixed = Buffer.concat([Buffer.from(TEXT), Buffer.from('Rue Ô;3;2021-01-01T02:00:00Z\n', 'latin1')]);
  assert.deepEqual(valuesOf(await read(mixed)), [...VALUES, 'Rue Ô 2021-01-01T02 3']);
});

test('what is no text is refused', async () => {
  const workbook = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(5000, 7)]);
  assert.match(messagesOf(await read(workbook))[0] ?? '', /found a ZIP archive or an Excel workbook/);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      assert.equal((await read(Buffer.from(bytes))).kind, 'refused');
    }),
    { numRuns: 100 },
  );
  assert.match(
    messagesOf(await read('x'.repeat(3_000_000)))[0] ?? '',
    /a first line of over 65536 characters/,
  );
  assert.match(messagesOf(await read(`${ROWS.join('\n')}\n`))[0] ?? '', /found no header: "Pont Neuf N-S;1;/);
  assert.match(messagesOf(await read('\n'.repeat(100)))[0] ?? '', /found no header in the first 20 lines/);
  assert.match(
    messagesOf(await read(`${HEADER};Comptage horaire\n`))[0] ?? '',
    /found 2 columns "Comptage horaire"/,
  );
});

test('any order of the rows gives the same observations', async () => {
  const row = fc.tuple(fc.constantFrom('Éa', 'eA', 'EA', 'B'), fc.nat(30));
  // One count for each counter and hour: of two the later one counts, which depends on the order.
  const written = ([name, hour]: readonly [string, number]) =>
    `${name};${hour};${new Date(Date.UTC(2020, 9, 24, 20 + hour)).toISOString()}`;
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(row, { minLength: 1, maxLength: 60 })
        .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      async ([rows, shuffled]) => {
        const [one, other] = [
          await read(csv(...rows.map(written))),
          await read(csv(...shuffled.map(written))),
        ];
        assert.ok(one.kind === 'read' && other.kind === 'read');
        assert.deepEqual(other.observations, one.observations);
        assert.deepEqual(other.dropped, one.dropped);
        assert.deepEqual(other.notes, one.notes);
      },
    ),
    { numRuns: 100 },
  );
});

test('files are read in the order of their names, and the later one counts', async () => {
  const one = inMemory(csv('A;1;2021-01-01T00:00:00Z', 'A;5;2021-01-01T01:00:00Z'), '2021-01.csv');
  const other = inMemory(csv('A;2;2021-01-01T00:00:00Z'), '2021-02.csv');
  for (const files of [
    [one, other],
    [other, one],
  ]) {
    const found = await read(files);
    assert.deepEqual(valuesOf(found), ['A 2021-01-01T00 2', 'A 2021-01-01T01 5']);
    assert.deepEqual(found.kind === 'read' && found.files.map(({ file, dropped }) => [file, dropped]), [
      ['2021-01.csv', {}],
      ['2021-02.csv', { 'replaced-row': 1 }],
    ]);
  }
});

test('every file that cannot be used is named before any of their rows', async () => {
  const bad = csv(...Array.from({ length: 200 }, () => 'A;x;2021-01-01T00:00:00Z'));
  const files = Array.from({ length: 30 }, (_, index) => inMemory(bad, `${100 + index}.csv`));
  const found = await read([...files, inMemory('', 'last.csv'), inMemory(TEXT, 'good.csv')]);
  assert.ok(found.kind === 'refused');
  assert.equal(found.problems.length, 50);
  assert.equal(found.problemCount, 30 * 201 + 1);
  assert.deepEqual(
    found.problems.slice(0, 31).map(({ file }) => file),
    [...files.map(({ name }) => name), 'last.csv'],
  );
});

test('a file without one count is refused, and one that repeats another is not', async () => {
  const empty = inMemory(csv('A;;2021-01-01T00:00:00Z', 'A;N/A;2021-01-01T01:00:00Z'), 'empty.csv');
  assert.deepEqual(messagesOf(await read([empty])), ['empty.csv: found no count in 2 rows; expected counts']);
  const again = await read([inMemory(TEXT, '1.csv'), inMemory(TEXT, '2.csv')]);
  assert.deepEqual(again.kind === 'read' && again.dropped, { 'repeated-row': 2 });
});

test('an error of the source is no fault of the file', async () => {
  const broken = new Error('connection lost');
  const open = () =>
    Readable.from(
      (function* () {
        yield Buffer.from(TEXT);
        throw broken;
      })(),
    );
  await assert.rejects(read([{ name: 'a.csv', open }]), broken);
});

test('a name in the wrong encoding beside the right one is one counter', async () => {
  const found = await read(
    csv('Sébastopol;1;2021-01-01T00:00:00Z', 'SÃ©bastopol;2;2021-01-01T01:00:00Z', ...GOOD),
  );
  assert.deepEqual(valuesBeside(found), ['Sébastopol 2021-01-01T00 1', 'Sébastopol 2021-01-01T01 2']);
});
