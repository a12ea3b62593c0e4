// The process of one bench: runs it over the folder that it was given, and reports its result.
import type { Message } from './apart.ts';
import { BENCHES } from './benches.ts';
import type { Result } from './measure.ts';

// The parent has ended.
process.on('disconnect', () => process.exit(1));

const [name = '', folder = ''] = process.argv.slice(2);
const result = await run();
await report({ result });
process.exit(0);

async function run(): Promise<Result> {
  const bench = BENCHES.find((candidate) => candidate.name === name);
  if (bench === undefined) return { bench: name, kind: 'failed', reason: 'there is no such bench' };
  try {
    const found = await bench.run({ folder, progress: (progress) => void report({ progress }) });
    return 'skipped' in found
      ? { bench: name, kind: 'skipped', reason: found.skipped }
      : { bench: name, kind: 'measured', measures: found };
  } catch (error) {
    return {
      bench: name,
      kind: 'failed',
      reason: error instanceof Error ? (error.stack ?? '') : String(error),
    };
  }
}

function report(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
