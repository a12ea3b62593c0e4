// `sluice report`: the page for analysts, fetched.
import { Option } from 'commander';
import { LANGUAGES, type Language } from '../../jobs/forecast/report/language/languages.ts';
import * as commands from '../commands.ts';
import type { Verb } from './verb.ts';

export const report: Verb = ({ program, on, say }) =>
  void program
    .command('report [run]')
    .description("write the report of a run's forecast, or of the newest run's, into this folder")
    .addOption(new Option('--language <language>', 'what it is written in').choices(LANGUAGES).default('en'))
    .action((id: string | undefined, { language }: { language: Language }) =>
      on(false, async (target, pipeline) =>
        say(`wrote ${await commands.report(target, pipeline, id, language)}`),
      ),
    );
