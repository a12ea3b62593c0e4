// A run whose job stands still: for tests of what a person, a crash or the clock does to a run that executes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { startedObject } from '../../shared/runs/names.ts';
import { withVisitors } from './folders.ts';
import type { RunningMesh } from './start-mesh.ts';

export interface StoppedJob {
  readonly run: string;
  readonly goOn: () => void;
  readonly kill: () => void;
}

/** Asks for a run of the folder with this many visitors, and stops its job as soon as it has started. */
export async function stoppedJob(mesh: RunningMesh, visitors: number): Promise<StoppedJob> {
  mesh.put(withVisitors(visitors));
  assert.equal(await mesh.fire('tick-carmila'), 200);
  const { run } = await mesh.newestRun();
  const pid = await mesh.until('the job to start', () => jobProcess());
  process.kill(pid, 'SIGSTOP');
  await mesh.until(`the execution of ${run} to be recorded`, async () =>
    (await mesh.runs.info(startedObject('carmila', run, 1))) === undefined ? undefined : true,
  );
  return {
    run,
    goOn: () => void process.kill(pid, 'SIGCONT'),
    kill: () => void process.kill(pid, 'SIGKILL'),
  };
}

export const jobProcess = (): number | undefined => jobProcesses()[0];

/** The job's processes: this process is the cloud that started them. */
export const jobProcesses = (program = 'jobs/forecast/main.ts'): readonly number[] =>
  (existsSync('/proc/self/stat') ? ofLinux() : ofPs())
    .filter(({ parent, command }) => parent === process.pid && command.includes(program))
    .map(({ pid }) => pid);

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** A bare Debian has neither ps nor pgrep. */
function ofLinux(): readonly Listed[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // After the name, which may hold anything: state and parent.
        const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(pid), parent: Number(parent), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

function ofPs(): readonly Listed[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' });
  return stdout.split('\n').map((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
  });
}
