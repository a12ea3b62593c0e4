// Ends a job on SIGTERM, which Cloud Run sends when an execution is cancelled or out of time, ten seconds before SIGKILL.
import type { Log } from '../logging.ts';

/** 128 and the number of SIGTERM: what a shell reports of a program that the signal ended. */
const EXIT_CODE = 143;

/**
 * A container's first process is ended by no signal that it does not handle. The job may end anywhere: its objects
 * are written once, and nothing reads them before the manifest, which is last (laws 2 and 4).
 */
export function exitOnSigterm(job: string, log: Pick<Log, 'warn'>): void {
  process.once('SIGTERM', () => {
    log.warn(
      { exitCode: EXIT_CODE },
      `${job} ended by SIGTERM: the execution was cancelled or reached its time limit; without a manifest nothing of this attempt is published`,
    );
    process.exit(EXIT_CODE);
  });
}
