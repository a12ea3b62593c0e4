// Runs a program whose last line is JSON, and gives that line.
import { spawn } from 'node:child_process';

const TAIL_CHARACTERS = 2000;

/** `onLine` gets what the program prints before. Rejects when it fails or its last line is no JSON. */
export function lastLineOf(
  command: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let rest = '';
    let last = '';
    child.stderr.on(
      'data',
      (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-TAIL_CHARACTERS)),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (last !== '') onLine(last);
        last = line;
      }
    });
    child.once('error', reject);
    child.once('close', (code) => {
      try {
        if (code === 0) return resolve(JSON.parse(last));
      } catch {
        errors = `its last line is no JSON: ${last.slice(0, TAIL_CHARACTERS)}`;
      }
      return reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}: ${errors}`));
    });
  });
}
