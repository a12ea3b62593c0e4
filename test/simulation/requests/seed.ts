// Lives through one seed of requests: a storm, a calm until nothing is owed any more, one last request.
import { type SeedResult } from '../seed.ts';
import { checkIdle, isQuiet } from './idle.ts';
import { RequestsMesh, START_MS, STORM_MS, type RequestsMeshOptions } from './requests-mesh.ts';

const STEP_MS = 10 * 60_000;
/** In a calm everything ends within this: what waits expires, two attempts hang, a clock was off. */
const LONGEST_CALM_MS = 16 * 60 * 60_000;
const LONGEST_END_MS = 4 * 60 * 60_000;

export async function liveThroughRequests(options: RequestsMeshOptions): Promise<SeedResult> {
  const mesh = new RequestsMesh(options);
  try {
    await mesh.runUntil(START_MS + STORM_MS);
    mesh.calm();
    await runUntilQuiet(mesh, LONGEST_CALM_MS);
    if (mesh.oracle.violation === undefined) checkIdle(mesh);
    await mesh.askOnceMore();
    await runUntilQuiet(mesh, LONGEST_END_MS);
    if (mesh.oracle.violation === undefined) checkIdle(mesh);
    const { oracle, decisions } = mesh;
    return { seed: options.seed, violation: oracle.violation, decisions: decisions.taken };
  } finally {
    mesh.close();
  }
}

async function runUntilQuiet(mesh: RequestsMesh, longestMs: number): Promise<void> {
  const untilMs = mesh.clock.now() + longestMs;
  do await mesh.runUntil(mesh.clock.now() + STEP_MS);
  while (mesh.clock.now() < untilMs && mesh.oracle.violation === undefined && !isQuiet(mesh));
}
