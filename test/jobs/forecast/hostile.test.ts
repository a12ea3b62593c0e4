// Hostile and huge files: each ends as a refusal that names the file, or is read, within time and memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFolderApart } from '../../../jobs/forecast/workbook/apart.ts';
import { flux, goodFlux, goodOpenings, goodTransco, messagesOf, TODAY, valuesOf } from './folder.ts';
import { GOOD, HOSTILE, withStrings } from './hostile.ts';

const folderOf = (bytes: Buffer) => [goodTransco(), goodOpenings(), flux(bytes)];
const FAR_FROM_ALL = { longestMs: 300_000, heapMebibytes: 640 };

for (const { what, bytes, says } of HOSTILE) {
  test(`${what}: ${says === undefined ? 'read all the same' : 'refused, naming the file'}`, async () => {
    const reading = await readFolderApart(folderOf(bytes()), TODAY, FAR_FROM_ALL);
    if (says === undefined) {
      assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 1']);
      return;
    }
    const messages = messagesOf(reading);
    assert.match(messages.join('\n'), says);
    assert.ok(
      messages.every((message) => message.startsWith('2025 flux quotidiens.xlsx')),
      messages.join('\n'),
    );
  });
}

test('a good folder is read in a thread as it is read without one', async () => {
  const reading = await readFolderApart(folderOf(goodFlux().bytes), TODAY);
  assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 100', 'A1 2025-01-02 0', 'A2 2025-01-01 200']);
});

test('a file that takes too long is refused by its name', async () => {
  const slow = HOSTILE.find(({ what }) => what.startsWith('thirty million'))?.bytes() ?? Buffer.alloc(0);
  const limits = { ...FAR_FROM_ALL, longestMs: 1 };
  const messages = messagesOf(await readFolderApart(folderOf(slow), TODAY, limits));
  assert.equal(messages.length, 1);
  assert.match(messages[0] ?? '', /found a file that is not read after 0\.001 s; expected .*save it again$/);
});

test('a file that takes too much memory is refused by its name, and the program lives on', async () => {
  const large = withStrings([GOOD], `<si><t>${'x'.repeat(1000)}</t></si>`.repeat(60_000), 1);
  const limits = { ...FAR_FROM_ALL, heapMebibytes: 20 };
  assert.deepEqual(messagesOf(await readFolderApart(folderOf(large), TODAY, limits)), [
    '2025 flux quotidiens.xlsx: found a file that needs more than 20 MiB of memory to be read; expected an Excel workbook (.xlsx): open it in Excel and save it again',
  ]);
});
