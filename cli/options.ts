// The options that say where a command works; the same for every command, and each to be had from the environment.
import { InvalidArgumentError, Option, type Command } from 'commander';

const data = (about: string) => new Option('--data <folder>', about).default('.sluice/cloud');

/** Every option of `withTarget` by the variable that stands in for it; `.env.example` names them. */
const TARGET: Readonly<Record<string, Option>> = {
  SLUICE_DATA: data('the local cloud: the folder it keeps its state in'),
  SLUICE_AS: new Option(
    '--as <email>',
    'the local cloud: act as this identity, with its rights alone, and not as the owner who may do everything',
  ),
  SLUICE_PROJECT: new Option('--project <id>', 'a project of Google Cloud in place of the local cloud'),
  SLUICE_REGION: new Option('--region <region>', "the project's region").default('europe-west1'),
  SLUICE_LOCATION: new Option('--location <location>', "the project's BigQuery location").default('EU'),
};

export const targetVariables = Object.keys(TARGET);

export function withTarget(command: Command): Command {
  for (const [variable, option] of Object.entries(TARGET)) command.addOption(orVariable(option, variable));
  return command;
}

/** For the command that works nowhere but on this machine. */
export const withData = (command: Command): Command =>
  command.addOption(orVariable(data('where the local cloud keeps its state'), 'SLUICE_DATA'));

/** What a copy of `.env.example` leaves empty is not said. */
const orVariable = (option: Option, variable: string): Option =>
  option.env(variable).argParser((said: string, before: unknown) => said || before);

const LARGEST_COUNT = 100_000;

/** Reads how many of something a person asks for. */
export function count(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= LARGEST_COUNT) return number;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${LARGEST_COUNT}.`);
}
