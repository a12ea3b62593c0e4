// The list of error codes: the runbook's table is the list, code for code, and every code is used.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, isErrorCode } from '../../../shared/error-codes.ts';
import {
  BoundError,
  codeOf,
  ConfigurationError,
  PermanentError,
  TransientError,
} from '../../../shared/errors.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The rows of the table under the heading `Error codes`. */
function rowsInRunbook(): readonly (readonly string[])[] {
  const [, section = ''] = readFileSync(join(ROOT, 'docs/RUNBOOK.md'), 'utf8').split(/^## Error codes$/m);
  return [...section.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, ...cells]) => cells);
}

test('the table of the runbook holds each code once, in the order of the list and in its words', () => {
  const expected = Object.entries(ERROR_CODES).map(([code, { means, next }]) => [code, means, next]);
  assert.deepEqual(rowsInRunbook(), expected);
});

test('every code is used, and no code is a word of the text alone', () => {
  const folders = ['functions', 'shared', 'cli'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !['error-codes.ts', 'service-codes.ts'].includes(name))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const text = files.join('\n');
  const unused = Object.keys(ERROR_CODES).filter((code) => !text.includes(`'${code}'`));
  assert.deepEqual(unused, []);
});

test('a code is upper case, its meaning is one sentence, and what to do next ends with a full stop', () => {
  for (const [code, { means, next }] of Object.entries(ERROR_CODES)) {
    assert.match(code, /^[A-Z]+(_[A-Z]+)*$/);
    assert.match(means, /^[A-Z].+\.$/, code);
    assert.match(next, /\.$/, code);
  }
});

test('every error has a code: its own, or that of its class; an unknown error has one as well', () => {
  const codes = [
    new PermanentError('p', { code: 'RUN_NOT_FOUND' }),
    new PermanentError('p'),
    new TransientError('t', { code: 'CONFLICT', cause: 'why' }),
    new TransientError('t'),
    new BoundError('b', { cause: 'why' }),
    new ConfigurationError('c'),
    new Error('e'),
    Object.assign(new Error('from another library'), { code: 'LEASE_LOST' }),
  ].map(codeOf);
  assert.deepEqual(codes, [
    'RUN_NOT_FOUND',
    'PERMANENT_FAILURE',
    'CONFLICT',
    'TRANSIENT_FAILURE',
    'LIMIT_EXCEEDED',
    'CONFIGURATION_INVALID',
    'UNEXPECTED_ERROR',
    'UNEXPECTED_ERROR',
  ]);
  assert.equal(new TransientError('t', { code: 'CONFLICT', cause: 'why' }).cause, 'why');
  assert.deepEqual(
    [isErrorCode('LEASE_LOST'), isErrorCode('toString'), isErrorCode(7)],
    [true, false, false],
  );
});
