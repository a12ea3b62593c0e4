// The mesh that several suites share, one after the other, and the report of its one run.
import type { Report } from '../../../cli/idle.ts';
import { startBikes, type BikesMesh } from './start-bikes.ts';

export let mesh: BikesMesh;
export let report: Report;

export async function openMesh(): Promise<void> {
  mesh = await startBikes();
}

export const keepReport = (of: Report): void => void (report = of);
