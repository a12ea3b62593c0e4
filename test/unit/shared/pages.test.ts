// A listing over pages: all of it or an error, whatever the sizes of the pages; and work for many, a few at a time.
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { howMany as count } from '../../../cli/options.ts';
import { concurrently } from '../../../shared/concurrently.ts';
import { BoundError } from '../../../shared/errors.ts';
import { readPages, type Page } from '../../../shared/pages.ts';

/** Gives these pages, one after the other; tokens are opaque to the reader. */
function pagesOf(...pages: readonly (readonly number[])[]) {
  const asked: (string | undefined)[] = [];
  const readPage = async (pageToken: string | undefined): Promise<Page<number>> => {
    asked.push(pageToken);
    const index = asked.length - 1;
    return {
      items: pages[index] ?? [],
      nextPageToken: index < pages.length - 1 ? `after ${index}` : undefined,
    };
  };
  return { asked, readPage };
}

describe('a listing over pages', () => {
  test('is all of them, in order, each asked for by the token of the one before', async () => {
    const { asked, readPage } = pagesOf([1, 2], [3], [4, 5]);
    assert.deepEqual(await readPages({ limit: 5, what: 'numbers' }, readPage), [1, 2, 3, 4, 5]);
    assert.deepEqual(asked, [undefined, 'after 0', 'after 1']);
  });

  test('continues after empty pages', async () => {
    const { readPage } = pagesOf([], [1], [], [], [2], []);
    assert.deepEqual(await readPages({ limit: 5, what: 'numbers' }, readPage), [1, 2]);
  });

  test('of more items than its limit is an error that says of what, and asks for no further page', async () => {
    const { asked, readPage } = pagesOf([1, 2], [3, 4], [5]);
    await assert.rejects(
      readPages({ limit: 3, what: 'numbers' }, readPage),
      (error: unknown) => error instanceof BoundError && error.message === 'there are more than 3 numbers',
    );
    assert.equal(asked.length, 2);
  });

  test('asks for no more than its limit and one', async () => {
    const wanted: number[] = [];
    const readPage = async (pageToken: string | undefined, most: number): Promise<Page<number>> => {
      wanted.push(most);
      return { items: [1, 2], nextPageToken: pageToken === undefined ? 'next' : undefined };
    };
    await readPages({ limit: 4, what: 'numbers' }, readPage);
    assert.deepEqual(wanted, [5, 3]);
  });

  test('that never ends is an error', async () => {
    const endless = async (): Promise<Page<number>> => ({ items: [], nextPageToken: 'again' });
    await assert.rejects(
      readPages({ limit: 4, what: 'numbers' }, endless),
      /numbers returned 100 empty pages in a row/,
    );
  });
});

describe('work for many', () => {
  test('gives results in order, with no more at once than the given number', async () => {
    let [now, most] = [0, 0];
    const results = await concurrently([5, 4, 3, 2, 1], 2, async (number) => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn < number; turn++) await setImmediate();
      now--;
      return number * 10;
    });
    assert.deepEqual([results, most], [[50, 40, 30, 20, 10], 2]);
    assert.deepEqual(await concurrently([], 2, () => Promise.reject(new Error('never'))), []);
  });

  test('ends at its first failure, and begins nothing after it', async () => {
    const begun: number[] = [];
    const work = async (number: number) => {
      begun.push(number);
      await setImmediate();
      if (number === 2) throw new Error('broken');
    };
    await assert.rejects(concurrently([1, 2, 3, 4, 5, 6], 2, work), /broken/);
    await setImmediate();
    assert.ok(begun.length <= 4, String(begun));
  });

  test('throws its first failure when what was under way has ended, in whichever way', async () => {
    const ended: number[] = [];
    const work = async (number: number) => {
      for (let turn = 0; turn < 3 * number; turn++) await setImmediate();
      ended.push(number);
      if (number !== 3) throw new Error(`broken at ${number}`);
    };
    await assert.rejects(concurrently([4, 1, 3, 2], 3, work), /broken at 1/);
    assert.deepEqual(ended, [1, 3, 4], 'the fourth was not begun');
  });

  test('fails even where what was thrown is no error', async () => {
    const thrown = await concurrently([1], 1, () => Promise.reject(undefined as unknown as Error)).then(
      () => 'a result',
      (error: unknown) => [error],
    );
    assert.deepEqual(thrown, [undefined]);
  });
});

test('how many a person asks for is a whole number in bounds, or an error', () => {
  assert.deepEqual(['1', '20', '100000'].map(count), [1, 20, 100_000]);
  for (const text of ['many', '', '0', '-3', '1e3', '2.5', '100001', '1000000']) {
    assert.throws(() => count(text), /Expected a whole number from 1 to 100000/, text);
  }
});
