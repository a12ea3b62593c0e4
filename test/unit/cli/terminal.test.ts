// What a sheet, a file or a cell says never reaches the terminal as a command, whichever printer shows it.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createDisplay } from '../../../cli/display.ts';
import { stepsOf } from '../../../cli/steps.ts';
import { Drawn, jsonText, shown, visible, visibleLine } from '../../../cli/terminal.ts';
import { traceText } from '../../../cli/trace-tree.ts';
import type { Span } from '../../../local/trace/span.ts';

/** One of every kind: an escape sequence, its 8-bit form, a title, a bell, a return, and what hides or turns text. */
const CODES = [
  0x00, 0x07, 0x08, 0x0b, 0x0c, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x9d, 0xad, 0x061c, 0x180e, 0x200b, 0x200c,
  0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0x3164, 0xd800,
  0xe0041,
];
const hostile = CODES.map((code) => `a${String.fromCodePoint(code)}[2Jb`).join('');
const HIDDEN = /[^\P{C}\n\t]|[\u2028\u2029\u3164]/u;

test('every character that a terminal obeys, or that cannot be seen, is shown by its number', () => {
  for (const code of CODES) {
    const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    assert.equal(visible(`a${String.fromCodePoint(code)}b`), `a${number}b`);
  }
  assert.equal(visible('\u001b]0;title\u0007'), 'U+001B]0;titleU+0007');
});

test('what people write stays as it is', () => {
  for (const text of ['Évry — L’Étoile, n° 5 (été)', '北京 שלום 🛍', 'one\ttwo\nthree', '', 'U+001B'])
    assert.equal(visible(text), text);
  assert.equal(visible('one\r\ntwo'), 'one\ntwo');
  assert.equal(visible(7), '7');
});

test('a broken line is indented, so that no message looks like the next line', () => {
  assert.equal(visibleLine('failed\n12:00:00  published'), 'failed\n    12:00:00  published');
});

test('JSON shows the same characters escaped, and reads back as it was', () => {
  const value = { reason: hostile, [hostile]: [hostile] };
  const text = jsonText(value);
  assert.doesNotMatch(text, HIDDEN);
  assert.deepEqual(JSON.parse(text), value);
});

test('only what the CLI has drawn itself keeps its colours', () => {
  assert.equal(shown('\u001b[31mred\u001b[39m'), 'U+001B[31mredU+001B[39m');
  assert.equal(shown(new Drawn('\u001b[31mred\u001b[39m')), '\u001b[31mred\u001b[39m');
});

/** Everything that a display prints of hostile lines, notes and steps. */
function printed(isTTY: boolean): string {
  const output = Object.assign(new PassThrough(), { isTTY, columns: 10_000, rows: 50 });
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const display = createDisplay(output as unknown as NodeJS.WriteStream);
  const run = { run: '000001-0123abcd', attempts: [{ attempt: 1 }], request: { snapshot: [] } };
  const outcome = { outcome: 'failed', reason: hostile, rows: null };
  display.log(hostile, JSON.stringify({ severity: 'ERROR', message: hostile }));
  display.log('job', hostile);
  display.log('job', JSON.stringify({ message: 7, progress: { done: 'x', total: -1, what: hostile } }));
  display.log('job', JSON.stringify({ progress: { done: 9, total: 3, what: hostile } }));
  display.note(hostile);
  display.steps(stepsOf({ ...run, outcome } as never, display.progress));
  display.close();
  return text;
}

test('a display that is no terminal prints no control character at all', () => {
  const text = printed(false);
  assert.match(text, /ERROR aU\+0000\[2Jb/);
  assert.doesNotMatch(text, HIDDEN);
});

test('a display on a terminal prints its own colours and movements, and none of a message', () => {
  const text = printed(true);
  assert.match(text, /U\+001B\[2Jb/);
  // Colours, and what log-update erases and moves with; `[2J` clears the screen and is only in the message.
  const own = new RegExp(`${String.fromCharCode(0x1b)}\\[(?:\\d{1,2}m|\\d*[AGK]|\\?(?:25|2026)[hl])`, 'g');
  assert.doesNotMatch(text.replaceAll(own, ''), HIDDEN);
});

test('a trace keeps its own colours alone', () => {
  const span: Span = {
    traceId: 't',
    spanId: 's',
    name: hostile,
    component: hostile,
    startMs: 0,
    endMs: 1,
    attributes: { 'sluice.outcome': hostile, 'sluice.file': hostile },
    failure: hostile,
  } as unknown as Span;
  assert.doesNotMatch(traceText(hostile, [span], false).text, HIDDEN);
});
