// `sluice report`: the files beside a page that it links to are saved under the names by which it links to them.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { linkedIn, saveLinked } from '../../../cli/actions/report.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';

const FOLDER = 'heat/000001-0a0b0c0d/attempt-1/';
const into = mkdtempSync(join(tmpdir(), 'report-links-'));
after(() => rmSync(into, { recursive: true, force: true }));

test('the links of a page are names beside it, each once, and never a way out of its folder', () => {
  const page =
    '<a href="aube_report.fr.html">fr</a><img src="a.png"/><a href="a.png">a</a><a href="#top">' +
    '<a href="https://example.org/x"><a href="../../state.json"><a href="/etc/passwd"><a href=".hidden">' +
    '<img src="data:image/png;base64,AAAA"/><a href="a%2Fb"><a data-href="no.png">';
  assert.deepEqual(linkedIn(page), ['aube_report.fr.html', 'a.png']);
});

test('they are saved as they are; one that the run has not written, and one that is too large, is not', async () => {
  const results = new MemoryStore('results');
  const bytes = Buffer.from([0, 255, 254, 10, 13]);
  await results.create(`${FOLDER}a.tif`, bytes, 'image/tiff');
  await results.create(`${FOLDER}huge.tif`, 'x', 'image/tiff');
  const store = {
    info: async (name: string) => {
      const info = await results.info(name);
      return info && name.endsWith('huge.tif') ? { ...info, sizeBytes: 2 ** 33 } : info;
    },
    readStart: (name: string, most: number) => results.readStart(name, most),
  };
  const note = await saveLinked(store, FOLDER, ['a.tif', 'none.tif', 'huge.tif'], into);
  assert.equal(note, ', and 1 file beside it; left out, because too large: huge.tif');
  assert.deepEqual(readdirSync(into), ['a.tif']);
  assert.deepEqual(readFileSync(join(into, 'a.tif')), bytes);
  assert.equal(await saveLinked(store, FOLDER, ['none.tif'], into), '');
});
