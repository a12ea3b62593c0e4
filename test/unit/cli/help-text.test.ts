// The text below a verb's options fits the terminal, and its commands stay whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText } from '../../../cli/help-text.ts';

const COMMAND =
  '  npm run sluice -- replay 000005-3fa9c1d2 --apply 0123456789abcdef --reason "the report of May"';
const HELP = `
Without any option, this command only plans: nothing is written,
and the plan has a hash.

${COMMAND}

A last line.`;

test('paragraphs are broken to the width, and an indented command is not', () => {
  const lines = helpText(HELP, () => 40)().split('\n');
  assert.deepEqual(
    lines.filter((line) => line.length > 40),
    [COMMAND],
  );
  assert.match(helpText(HELP, () => 200)(), /nothing is written, and the plan has a hash\.\n\n {2}npm run/);
});
