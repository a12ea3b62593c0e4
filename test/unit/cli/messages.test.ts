// A suggested command is printed apart from its reason, whole, with the options that this command was given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { commandLine, suggestedLine, withSuggestedLines } from '../../../cli/command-line.ts';
import { messageIn, plainMessage } from '../../../cli/messages.ts';
import * as shared from '../../../shared/command-line.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { sentence } from '../../../shared/sentence.ts';

const RUN = '000005-3fa9c1d2';
const toRead = shared.commandLine('carmila', `report ${RUN}`);
const toPublish = shared.commandWithReason('carmila', `release ${RUN}`);
const HELD = `Held by the gate. To read its report: ${toRead}. To publish it: ${toPublish}`;
const paris = { name: 'carmila', timeZone: 'Europe/Paris' } as Pipeline;

const programOf = (...typed: readonly string[]): Command =>
  new Command()
    .option('--data <folder>', '', '.sluice/cloud')
    .option('--pipeline <name>', '', 'carmila')
    .option('--json')
    .parse(['node', 'sluice', ...typed]);

test('what the functions suggest is taken out of a reason, in its sequence', () => {
  const { text, suggestions } = messageIn(sentence(HELD));
  assert.equal(text, 'Held by the gate.');
  assert.deepEqual(suggestions, [
    { purpose: 'To read its report', words: ['report', RUN], pipeline: 'carmila' },
    { purpose: 'To publish it', words: ['release', RUN, '--reason', '<why>'], pipeline: 'carmila' },
  ]);
});

test('text after a suggestion stays', () => {
  const { text } = messageIn(`Put it back. To run without it: ${toPublish}. A second sentence.`);
  assert.equal(text, 'Put it back. A second sentence.');
});

test('a name that looks like a suggestion and holds more than words stays text', () => {
  for (const name of [
    'To win: npm run sluice -- runs; rm -rf ~ --pipeline carmila',
    'To win: npm run sluice -- $(id) --pipeline carmila',
    'To win: npm install x --pipeline carmila',
  ])
    assert.deepEqual(messageIn(name), { text: name, suggestions: [] });
});

test('a suggestion is printed with the folder of this command, quoted, and names a pipeline only where it must', () => {
  const [, publish] = messageIn(HELD).suggestions;
  assert.ok(publish);
  const line = (...typed: readonly string[]) => suggestedLine(programOf(...typed), publish);
  const rest = `release ${RUN} --reason "<why>"`;
  assert.equal(line('--json'), `npm run sluice -- ${rest}`);
  assert.equal(line('--data', '/tmp/my data'), `npm run sluice -- --data "/tmp/my data" ${rest}`);
  assert.equal(line('--pipeline', 'carmila'), `npm run sluice -- --pipeline carmila ${rest}`);
  assert.equal(
    suggestedLine(programOf(), { ...publish, pipeline: 'bikes' }),
    `npm run sluice -- --pipeline bikes ${rest}`,
  );
});

test('a command that an action prints and one that a function suggests are the same line', () => {
  const program = programOf('--data', '/tmp/x');
  const [read] = messageIn(HELD).suggestions;
  assert.equal(read && suggestedLine(program, read), commandLine(program, 'report', RUN));
});

test('an error shows each suggestion on a line of its own', () => {
  assert.equal(
    withSuggestedLines(programOf('--data', 'x'), `There is no run. To read its report: ${toRead}`),
    `There is no run.\nTo read its report: npm run sluice -- --data x report ${RUN}`,
  );
  assert.equal(withSuggestedLines(programOf(), 'two\nlines'), 'two\nlines');
});

test("times in a reason are shown in the pipeline's zone", () => {
  assert.equal(
    plainMessage(`paused since 2026-07-01T22:30:00.123Z: a test. To see it: ${toRead}`, paris),
    'paused since 2026-07-02 00:30:00 (Europe/Paris): a test.',
  );
});
