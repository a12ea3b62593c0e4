// The options that say where a command works; the same for every command.
import type { Command } from 'commander';

export const withTarget = (command: Command): Command =>
  command
    .option('--data <folder>', 'the local cloud: the folder it keeps its state in', '.sluice/cloud')
    .option('--project <id>', 'a project of Google Cloud in place of the local cloud')
    .option('--region <region>', "the project's region", 'europe-west1')
    .option('--location <location>', "the project's BigQuery location", 'EU');
