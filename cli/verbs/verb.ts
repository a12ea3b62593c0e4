// What every verb of `sluice` is given: the program to add itself to, a place to work, and a way to print.
import type { Command } from 'commander';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Printing } from '../printing.ts';
import type { Target } from '../target.ts';

export interface Sluice extends Printing {
  readonly program: Command;
  /**
   * Opens the place that the options name, works in it, and closes it. Errors are said, and the exit code
   * is 1. `moving`: the verb needs functions that run, not only services that answer.
   */
  on(moving: boolean, work: (target: Target, pipeline: Pipeline) => Promise<void>): Promise<void>;
}

/** Adds one command to the program. */
export type Verb = (sluice: Sluice) => void;
