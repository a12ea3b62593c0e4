// The archive of a function's source: the same bytes and the same object for the same source, another for another.
import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { archiveOf } from '../../build/archive.ts';
import { bundleFunction } from '../../build/source.ts';
import { archivedSources } from '../../infra/sources.ts';

const NAME = 'detect-changes';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'sluice-source-'));
const place = (name: string) => join(folder, name);
before(async () => {
  for (const name of ['one', 'deeper/two']) await bundleFunction(NAME, place(name));
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** The object that infra gives an archive that was written as `npm run bundle` writes it. */
function objectOf(archive: Buffer): string {
  const bundles = mkdtempSync(place('bundles-'));
  writeFileSync(join(bundles, `${NAME}.zip`), archive);
  return archivedSources(bundles)(NAME, 'function').object;
}

describe('the archive', () => {
  test('of one tree is the same wherever and whenever it is bundled', () => {
    const [one, two] = [archiveOf(place('one')), archiveOf(place('deeper/two'))];
    assert.ok(one.equals(two));
    assert.equal(objectOf(one), objectOf(two));
    assert.match(objectOf(one), /^detect-changes-[0-9a-f]{16}\.zip$/);
    assert.ok(
      !readFileSync(join(place('one'), 'function.cjs'), 'utf8').includes(ROOT),
      'it names this checkout',
    );
  });

  test('knows neither the time nor the rights of a file', () => {
    cpSync(place('one'), place('touched'), { recursive: true });
    const file = join(place('touched'), 'package.json');
    utimesSync(file, 1, 1);
    chmodSync(file, 0o600);
    assert.ok(archiveOf(place('touched')).equals(archiveOf(place('one'))));
  });

  test('of a changed source, of a renamed and of an added file is another object', () => {
    const known = new Set([objectOf(archiveOf(place('one')))]);
    const changes: Readonly<Record<string, (copy: string) => void>> = {
      changed: (copy) => writeFileSync(join(copy, 'function.cjs'), ' ', { flag: 'a' }),
      renamed: (copy) => {
        cpSync(join(copy, 'package.json'), join(copy, 'package.bak'));
        rmSync(join(copy, 'package.json'));
      },
      added: (copy) => writeFileSync(join(copy, 'added'), ''),
    };
    for (const [name, change] of Object.entries(changes)) {
      cpSync(place('one'), place(name), { recursive: true });
      change(place(name));
      const object = objectOf(archiveOf(place(name)));
      assert.ok(!known.has(object), name);
      known.add(object);
    }
  });

  test('holds every file with its bytes, readable by everybody', () => {
    const found = filesIn(archiveOf(place('one')));
    assert.deepEqual(
      found.map(({ name }) => name),
      ['framework/package.json', 'framework/start.cjs', 'function.cjs', 'package.json'],
    );
    for (const { name, content, mode } of found) {
      assert.ok(content.equals(readFileSync(join(place('one'), name))), name);
      assert.equal(mode, 0o100644, name);
    }
  });

  test('of a function that was not bundled is a clear error', () => {
    mkdirSync(place('empty'));
    assert.throws(
      () => archivedSources(place('empty'))(NAME, 'function'),
      /detect-changes\.zip.* does not exist; npm run bundle/,
    );
  });
});

interface Found {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** Reads the archive by its directory, as an unpacker does. */
function filesIn(zip: Buffer): readonly Found[] {
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), 0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    assert.equal(zip.readUInt32LE(at), 0x02014b50);
    const [packed, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    assert.equal(zip.readUInt32LE(local), 0x04034b50);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const mode = zip.readUInt32LE(at + 38) >>> 16;
    at += 46 + nameLength;
    return { name, mode, content: inflateRawSync(zip.subarray(start, start + packed)) };
  });
}
