// Decides for `.ci/deploy` what follows an update: `node infra/after-update.ts succeeded|failed <output of each attempt>...`.
// It prints `done`, `stop <why>`, or `wait <seconds> <why>` with a line `import <function>` for each failed creation.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { createdIdentities, decideAfterFailure } from './refusals.ts';

/** According to Google a grant usually takes effect within 2 minutes. If it takes longer, the attempt is repeated. */
const GRANTS_TAKE_SECONDS = 120;

const [how, ...files] = process.argv.slice(2);
const outputs = files.map((file) => stripVTControlCharacters(readFileSync(file, 'utf8')));
process.stdout.write(`${(how === 'succeeded' ? afterSuccess() : afterFailure()).join('\n')}\n`);

function afterSuccess(): readonly string[] {
  if (!createdIdentities(outputs)) return ['done'];
  return [`wait ${GRANTS_TAKE_SECONDS} the new identities and grants to take effect`];
}

function afterFailure(): readonly string[] {
  const verdict = decideAfterFailure(outputs);
  if (verdict.kind === 'stop') return [`stop ${verdict.why}`];
  return [`wait ${verdict.seconds} ${verdict.why}`, ...verdict.functions.map((name) => `import ${name}`)];
}
