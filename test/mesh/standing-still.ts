// A run whose job stands still: for tests of what a person, a crash or the clock does to a run that executes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { startedObject } from '../../shared/runs/names.ts';
import { withVisitors } from './folders.ts';
import type { MeshGround } from './ground.ts';

export interface Standing {
  readonly run: string;
  readonly goOn: () => void;
  readonly kill: () => void;
}

/** Asks for a run of the folder with this many visitors, and stops its job as soon as it has started. */
export async function standingStill(mesh: MeshGround, visitors: number): Promise<Standing> {
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

/** The job's process: this process is the cloud that started it. */
export function jobProcess(): number | undefined {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'jobs/forecast/main.ts']);
  return stdout.toString().split('\n').filter(Boolean).map(Number)[0];
}
