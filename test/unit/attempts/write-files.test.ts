// The files of an attempt: several uploads at once and no more, answers in sequence, and errors that name their file.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { streamOf, writeFiles, type FileToWrite } from '../../../shared/attempts/write-files.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { outputFolder } from '../../../shared/runs/names.ts';

const ATTEMPT = { pipeline: 'sample', run: '000001-0a0b0c0d', attempt: 1 };
const FOLDER = outputFolder(ATTEMPT.pipeline, ATTEMPT.run, ATTEMPT.attempt);
const BOUND = 8;

/** Counts uploads that are under way; a later file is done before an earlier one. */
class CountingStore extends MemoryStore {
  readonly begun: string[] = [];
  most = 0;
  #running = 0;

  override async createFrom(...given: Parameters<MemoryStore['createFrom']>) {
    this.begun.push(given[0].slice(FOLDER.length));
    this.most = Math.max(this.most, ++this.#running);
    for (let turns = 20 - (this.begun.length % BOUND); turns > 0; turns--) await turn();
    try {
      return await super.createFrom(...given);
    } finally {
      this.#running--;
    }
  }
}

const file = (name: string, more: Partial<FileToWrite> = {}): FileToWrite => ({
  name,
  type: 'text/plain',
  content: () => streamOf(`content of ${name}`),
  ...more,
});
const names = Array.from({ length: 30 }, (_, at) => `folder/${at}.txt`);

test('eight files are under way at once, and the answer has the sequence of the files', async () => {
  const store = new CountingStore('results');
  const written = await writeFiles(
    store,
    ATTEMPT,
    names.map((name) => file(name, { rows: 3 })),
  );
  assert.equal(store.most, BOUND);
  assert.deepEqual(
    written.map(({ name, object, rows, sizeBytes }) => [name, object, rows, sizeBytes]),
    names.map((name) => [name, `${FOLDER}${name}`, 3, `content of ${name}`.length]),
  );
});

test('the first failure names its file, and no further file is begun', async () => {
  const store = new CountingStore('results');
  await store.create(`${FOLDER}${names[2]}`, 'of another content', 'text/plain');
  await assert.rejects(
    writeFiles(
      store,
      ATTEMPT,
      names.map((name) => file(name)),
    ),
    /gs:\/\/results\/sample\/000001-0a0b0c0d\/attempt-1\/folder\/2\.txt exists with other content/,
  );
  assert.ok(store.begun.length < 2 * BOUND + 1, `${store.begun.length} files were begun`);
});

test('when the first failure is thrown, no file is still to be written', async () => {
  const store = new CountingStore('results');
  await store.create(`${FOLDER}${names[6]}`, 'of another content', 'text/plain');
  const writing = writeFiles(
    store,
    ATTEMPT,
    names.slice(0, BOUND).map((name) => file(name)),
  );
  await assert.rejects(writing, /6\.txt exists with other content/);
  const written = (await store.list(FOLDER, 100)).length;
  for (let turns = 0; turns < 50; turns++) await turn();
  assert.equal((await store.list(FOLDER, 100)).length, written);
  assert.equal(written, BOUND);
});

test('content that cannot be read fails the files, and its object does not exist', async () => {
  const store = new MemoryStore('results');
  const unread = () =>
    new Readable({
      read() {
        this.destroy(new Error('the disk has no such file'));
      },
    });
  await assert.rejects(
    writeFiles(store, ATTEMPT, [file('a.txt'), file('b.txt', { content: unread })]),
    /the disk has no such file/,
  );
  assert.equal(await store.info(`${FOLDER}b.txt`), undefined);
});

test('an earlier try of the attempt may have written some of the files', async () => {
  const store = new MemoryStore('results');
  const files = names.slice(0, 3).map((name) => file(name));
  const first = await writeFiles(store, ATTEMPT, files.slice(0, 2));
  const second = await writeFiles(store, ATTEMPT, files);
  assert.deepEqual(second.slice(0, 2), first);
});
