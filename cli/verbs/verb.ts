// What every verb of `sluice` is given: the program to add itself to, a place to work, and a way to print.
import type { Command } from 'commander';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Printing } from '../printing.ts';
import type { Target } from '../target.ts';

export interface Sluice extends Printing {
  readonly program: Command;
  /**
   * Opens the place that the options name, works in it, and closes it. An error is printed, and the exit code is 1.
   * `moving`: the verb needs functions that run, not only services that answer. `name`: the pipeline, where the
   * verb takes it as an argument and not as an option.
   */
  on(
    moving: boolean,
    work: (target: Target, pipeline: Pipeline) => Promise<void>,
    name?: string,
  ): Promise<void>;
  /** A command to type, with the options that this one was given. */
  line(...words: readonly string[]): string;
}

/**
 * Adds one command to the program. The file of a verb declares it and loads nothing heavy: what the verb does is
 * imported from `actions/` when it is called, so that `--help` is there at once.
 */
export type Verb = (sluice: Sluice) => void;
