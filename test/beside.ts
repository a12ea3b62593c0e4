// `node test/beside.ts <command> …`: runs the commands beside each other. The first that fails ends the others, and its exit code is theirs.
// The last one prints as it goes; what another prints comes in one piece when it ends.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const commands = process.argv.slice(2);
const running = new Map<string, ChildProcess>();

async function run(command: string, isLast: boolean): Promise<void> {
  const output = isLast ? 'inherit' : 'pipe';
  const child = spawn(command, { shell: true, stdio: ['ignore', output, output] });
  running.set(command, child);
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const printed = await Promise.all([printedTo(child.stdout), printedTo(child.stderr)]);
  const code = await ended;
  running.delete(command);
  // What was ended because another one failed has nothing to report.
  if (process.exitCode !== undefined) return;
  process.stdout.write(printed.join(''));
  if (code !== 0) fail(command, code);
}

const printedTo = async (output: Readable | null): Promise<string> => (output ? text(output) : '');

function fail(command: string, code: number): void {
  process.exitCode = code;
  process.stdout.write(`"${command}" failed with ${code}; what runs beside it is ended.\n`);
  for (const other of running.values()) other.kill('SIGTERM');
}

await Promise.all(commands.map((command, index) => run(command, index === commands.length - 1)));
