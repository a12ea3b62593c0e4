// A line of a job's log shows its time in the zone of the pipeline, its severity where that is unusual, and its message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLineText } from '../../../cli/log-line.ts';
import { textOfPayload } from '../../../shared/executions/job-log.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';

const paris = { name: 'carmila', timeZone: 'Europe/Paris' } as Pipeline;
const lineOf = (text: string, severity = 'INFO') =>
  logLineText({ at: '2026-11-26T23:21:07.005Z', severity, text }, paris);

test('a line is its time in the zone of the pipeline and its message', () => {
  assert.equal(
    lineOf(textOfPayload({ message: 'wrote 172 rows', rows: 172 })),
    '2026-11-27 00:21:07  wrote 172 rows',
  );
  assert.equal(lineOf('printed by a library', 'DEFAULT'), '2026-11-27 00:21:07  printed by a library');
});

test('a warning and an error say so, an error with its code and its stack, indented', () => {
  assert.equal(lineOf('slow', 'WARNING'), '2026-11-27 00:21:07  WARNING slow');
  const failed = { message: 'failed', code: 'UNEXPECTED_ERROR', stack_trace: 'Error: failed\n    at x.ts:1' };
  assert.equal(
    lineOf(textOfPayload(failed), 'ERROR'),
    '2026-11-27 00:21:07  ERROR failed (UNEXPECTED_ERROR)\n    Error: failed\n        at x.ts:1',
  );
});

test('a structured line without a message is shown whole', () => {
  assert.equal(textOfPayload({ rows: 7 }), '{"rows":7}');
});
