// The peak memory of a function's process, as Linux keeps it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const hasProcFolder = (): boolean => existsSync('/proc/self/status');

/** The child of this process that serves the function, by its number; undefined when there is none. */
export function functionProcess(name: string): number | undefined {
  const service = `\0K_SERVICE=${name}\0`;
  const found = readdirSync('/proc').find((entry) => {
    if (!/^\d+$/.test(entry) || !`\0${read(entry, 'environ')}`.includes(service)) return false;
    return field(entry, 'PPid') === process.pid;
  });
  return found === undefined ? undefined : Number(found);
}

/** The most memory that the process has had at once, in megabytes of a million bytes. */
export function peakMegabytes(pid: number): number {
  const kibibytes = field(String(pid), 'VmHWM');
  if (kibibytes === undefined) throw new Error(`/proc tells no peak of process ${pid}`);
  return (kibibytes * 1024) / 1e6;
}

function field(pid: string, name: string): number | undefined {
  const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(pid, 'status'))?.[1];
  return value === undefined ? undefined : Number(value);
}

/** Empty when the process ended meanwhile. */
function read(pid: string, file: 'environ' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
