// `sluice verify`: that every accepted output was published once, and the outputs are those of the newest publication.
import type { Verb } from './verb.ts';

const HELP = `
This command reads every outcome in the runs bucket, every entry of the ledger and every output that an entry was
made from (generation and checksum), loads the newest publication's output into staging tables, and compares it with
the published tables row by row, in BigQuery. Nothing is published. The exit code is 1 when anything disagrees; each
difference is printed.`;

export const verify: Verb = (sluice) =>
  void sluice.program
    .command('verify <pipeline>')
    .description(
      'check the published outputs against the buckets and the ledger: nothing lost, doubled or changed',
    )
    .addHelpText('after', HELP)
    .action((name: string) =>
      sluice.on(
        false,
        async (target, pipeline) =>
          (await import('../actions/verify.ts')).verifyNow(sluice, target, pipeline),
        name,
      ),
    );
