// `npm run bench -- [names...] [--json file] [--page file]`: runs the benches one after another, and prints what they measured.
import { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fromCaller } from '../cli/caller-folder.ts';
import { enter, throwing } from '../cli/entry.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { BENCHES } from './benches.ts';
import { runApart } from './apart.ts';
import { isMet, ratioOf, type Result } from './measure.ts';
import { markdownOf, tableOf } from './table.ts';

await enter(runBenches);

interface Report {
  readonly measuredAt: string;
  readonly machine: { readonly cores: number; readonly node: string; readonly platform: string };
  readonly loadAverage: { readonly before: number; readonly after: number };
  readonly results: readonly object[];
}

function parsed(): Command {
  return throwing(new Command('npm run bench --'))
    .description('Measures the mesh, each value beside a floor: the same work without Sluice.')
    .argument(
      '[names...]',
      `which benches; all of them by default: ${BENCHES.map(({ name }) => name).join(', ')}`,
    )
    .option('--json <file>', 'also write the results as JSON to this file', fromCaller)
    .option('--page <file>', 'also write them as a page of Markdown, such as docs/MEASURED.md', fromCaller)
    .addHelpText('after', '\nA missed goal is only shown: the exit code is 1 only if a bench failed.')
    .parse();
}

async function runBenches(): Promise<void> {
  const command = parsed();
  const unknown = command.args.filter((name) => BENCHES.every((bench) => bench.name !== name));
  if (unknown.length > 0) throw new ConfigurationError(`there is no bench named ${unknown.join(', ')}`);
  const { json, page } = filesOf(command);
  const chosen = BENCHES.filter(({ name }) => command.args.length === 0 || command.args.includes(name));

  const busyBefore = loadavg()[0] ?? 0;
  const results: Result[] = [];
  for (const bench of chosen) {
    print(bench.name, bench.about);
    results.push(await runApart(bench, (text) => print(bench.name, text)));
  }
  const report: Report = {
    measuredAt: new Date().toISOString(),
    machine: { cores: cpus().length, node: process.version, platform: process.platform },
    loadAverage: { before: busyBefore, after: loadavg()[0] ?? 0 },
    results: results.map(withVerdicts),
  };
  process.stdout.write(`${tableOf(results, process.stdout.isTTY)}\n`);
  const busy =
    `load average over the last minute: ${busyBefore.toFixed(2)} before, ${report.loadAverage.after.toFixed(2)} after, ` +
    `on ${report.machine.cores} cores. On a busy machine seconds say little; compare ratios to a floor.`;
  process.stdout.write(`${busy}\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (page !== undefined) writeFileSync(page, pageOf(report, results, busy));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = results.some(({ kind }) => kind === 'failed') ? 1 : 0;
}

/** Checked before hours of measuring: where the files go must be there. */
function filesOf(command: Command): { json?: string; page?: string } {
  const files = command.opts<{ json?: string; page?: string }>();
  for (const [option, file] of Object.entries(files)) {
    if (!existsSync(dirname(file)))
      throw new ConfigurationError(`--${option}: the folder ${dirname(file)} does not exist`);
  }
  return files;
}

function withVerdicts(result: Result): object {
  if (result.kind !== 'measured') return result;
  const measures = result.measures.map((measure) => ({
    ...measure,
    ratio: ratioOf(measure),
    met: isMet(measure),
  }));
  return { ...result, measures };
}

function pageOf({ measuredAt, machine }: Report, results: readonly Result[], busy: string): string {
  return `# What was measured

\`npm run bench -- --page docs/MEASURED.md\` wrote this page on ${measuredAt.slice(0, 10)}, with Node ${machine.node} on ${machine.platform}; ${busy}

${markdownOf(results)}
`;
}

function print(bench: string, text: string): void {
  process.stderr.write(`${bench}: ${text}\n`);
}
