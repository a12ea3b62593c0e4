// The options that choose where a command works: the same for every command, each with an environment variable.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { fromCaller } from './caller-folder.ts';

export const DATA_FOLDER = '.sluice/cloud';

/** The pipeline of a command that names none. */
export const DEFAULT_PIPELINE = 'carmila';

const data = (about: string) => new Option('--data <folder>', about).default(DATA_FOLDER);

/** How many things to show: a whole number from 1 to 100,000. */
export function howMany(typed: string): number {
  const count = /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
  if (count < 1 || count > MOST_SHOWN)
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_SHOWN}.`);
  return count;
}

const MOST_SHOWN = 100_000;

/** Every option of `withTarget` by the variable that stands in for it; `.env.example` names them. */
const TARGET: Readonly<Record<string, Option>> = {
  SLUICE_DATA: data('local cloud: the folder that holds its state'),
  SLUICE_AS: new Option(
    '--as <email>',
    'local cloud: act as this identity, with its rights only; without it, as the owner, who has every right',
  ),
  SLUICE_PROJECT: new Option(
    '--project <id>',
    'work on this Google Cloud project instead of the local cloud',
  ),
  SLUICE_REGION: new Option('--region <region>', "the project's region").default('europe-west1'),
  SLUICE_LOCATION: new Option('--location <location>', "the project's BigQuery location").default('EU'),
};

export const targetVariables = Object.keys(TARGET);

export function withTarget(command: Command): Command {
  for (const [variable, option] of Object.entries(TARGET)) command.addOption(orVariable(option, variable));
  return command;
}

/** The options of every verb that sends an operator's command. */
export const withReason = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why; recorded with your name, see sluice audit')
    .option('--command <id>', 'finish an interrupted command with this id');

/** For the command that works nowhere but on this machine. */
export const withData = (command: Command): Command =>
  command.addOption(orVariable(data('the folder that holds the state of the local cloud'), 'SLUICE_DATA'));

/** A variable that a copy of `.env.example` leaves empty counts as absent. */
const orVariable = (option: Option, variable: string): Option =>
  option.env(variable).argParser((typed: string, before: unknown) => {
    if (typed === '') return before;
    return option.long === '--data' ? fromCaller(typed) : typed;
  });
