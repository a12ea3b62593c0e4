// A structured line of a job's log shows its time, severity and message; every other line stays as it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLineText } from '../../../cli/log-line.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';

const paris = { name: 'carmila', timeZone: 'Europe/Paris' } as Pipeline;
const lineOf = (fields: object) =>
  logLineText(JSON.stringify({ time: '2026-11-26T23:21:07.005Z', severity: 'INFO', ...fields }), paris);

test('a structured line is its time in the zone of the pipeline and its message', () => {
  assert.equal(lineOf({ message: 'wrote 172 rows', rows: 172 }), '2026-11-27 00:21:07  wrote 172 rows');
});

test('a warning and an error say so, an error with its code and its stack, indented', () => {
  assert.equal(lineOf({ severity: 'WARNING', message: 'slow' }), '2026-11-27 00:21:07  WARNING slow');
  const failed = { severity: 'ERROR', message: 'failed', code: 'UNEXPECTED_ERROR' };
  assert.equal(
    lineOf({ ...failed, stack_trace: 'Error: failed\n    at x.ts:1' }),
    '2026-11-27 00:21:07  ERROR failed (UNEXPECTED_ERROR)\n    Error: failed\n        at x.ts:1',
  );
});

test('any other line stays as it is', () => {
  for (const line of ['(attempt 1 of 1: exited)', '{"severity":"INFO"}', '{', '', '7'])
    assert.equal(logLineText(line, paris), line);
});
