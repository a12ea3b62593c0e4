// `sluice report`: the pages for readers, fetched.
import { Option } from 'commander';
import { fromCaller } from '../caller-folder.ts';
import type { Verb } from './verb.ts';

// As jobs/forecast writes them, whose list is not imported here: --help would load it. A test holds the two together.
export const REPORT_LANGUAGES = ['en', 'fr'] as const;

interface Options {
  readonly language: (typeof REPORT_LANGUAGES)[number];
  readonly out?: string;
}

export const report: Verb = (sluice) =>
  void sluice.program
    .command('report [run]')
    .description(
      'save the report of a run (default: the newest), or its reports, in the data folder, with what they link to',
    )
    .addOption(new Option('--language <language>', 'its language').choices(REPORT_LANGUAGES).default('en'))
    .option('--out <file>', 'save it alone, as this file', fromCaller)
    .action((id: string | undefined, { language, out }: Options) =>
      sluice.on(false, async (target, pipeline) => {
        const { data } = sluice.program.opts<{ readonly data: string }>();
        const { writeReport } = await import('../actions/report.ts');
        await writeReport(sluice, target, pipeline, { id, language, out, data });
      }),
    );
