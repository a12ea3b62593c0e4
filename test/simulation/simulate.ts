// `npm run simulate`: lives through seeds, and shrinks those that fail to the shortest trace that it finds.
import { Command, InvalidArgumentError, Option } from 'commander';
import { availableParallelism } from 'node:os';
import { enter, throwing } from '../../cli/entry.ts';
import { shrink, messageFor } from './shrink.ts';
import { firstFailing, inThreads } from './threads.ts';
import { WORLDS, worldNamed, type WorldName } from './worlds.ts';
import type { Wiring } from './wiring.ts';

interface Options {
  readonly world: WorldName;
  readonly seeds: number;
  readonly from: number;
  readonly threads: number;
  readonly seed?: number;
  readonly trace?: boolean;
  readonly bugs?: boolean;
}

type World = Omit<Awaited<ReturnType<typeof worldNamed>>, 'plan'> & {
  readonly world: WorldName;
  readonly wiring: Wiring;
};

const SHRUNKEN_AT_MOST = 3;
const PROGRESS_EVERY = 500;

const program = throwing(new Command('npm run simulate --'))
  .description('Runs the whole mesh in virtual time, seed by seed. The exit code is 0 if every seed held.')
  .addOption(
    new Option('--world <name>', 'the watched pipeline, or requested runs').choices(WORLDS).default('watch'),
  )
  .option('--seeds <n>', 'how many seeds', wholeNumber, 1000)
  .option('--from <n>', 'the first seed', wholeNumber, 1)
  .option('--threads <n>', 'how many threads share the seeds', wholeNumber, availableParallelism())
  .option('--seed <n>', 'this one seed only; if it fails, it is shrunk', wholeNumber)
  .option('--trace', 'with --seed: print every call of the (shrunken) run')
  .option('--bugs', 'plant each known bug, and print how many seeds it takes to find it')
  .action(run);
await enter(async () => void (await program.parseAsync()));

async function run(options: Options): Promise<void> {
  const { plan, ...named } = await worldNamed(options.world);
  const world = { ...named, world: options.world, wiring: await plan() };
  if (options.bugs === true) return tryBugs(seedsOf(options), options.threads, world);
  if (options.seed !== undefined) return showSeed(options.seed, options.trace === true, world);
  await tryAll(seedsOf(options), options.threads, world);
}

async function tryAll(seeds: readonly number[], threads: number, world: World): Promise<void> {
  const failed: number[] = [];
  const startMs = performance.now();
  let done = 0;
  await inThreads(seeds, threads, world, ({ seed, violation }) => {
    done++;
    if (violation !== undefined) {
      failed.push(seed);
      say(`seed ${seed} fails: ${violation.law}: ${violation.detail}`);
    }
    if (done % PROGRESS_EVERY === 0) say(`${done} of ${seeds.length} seeds, ${failed.length} failed`);
  });
  failed.sort((a, b) => a - b);
  for (const seed of failed.slice(0, SHRUNKEN_AT_MOST)) await showSeed(seed, false, world);
  const seconds = Math.round((performance.now() - startMs) / 1000);
  say(`${seeds.length - failed.length} of ${seeds.length} seeds held, in ${seconds} s`);
  if (failed.length > 0) process.exitCode = 1;
}

async function showSeed(seed: number, traced: boolean, world: World): Promise<void> {
  const { wiring, liveThrough } = world;
  const live = (without: ReadonlySet<string>) => liveThrough({ seed, wiring, without });
  const result = await live(new Set());
  const shrunken = result.violation === undefined ? undefined : await shrink(result, live);
  if (traced) await liveThrough({ seed, wiring, without: shrunken?.without ?? new Set(), trace: say });
  say(messageFor(shrunken?.result ?? result, world.world));
  if (result.violation !== undefined) process.exitCode = 1;
}

/** A table in Markdown, for docs/SIMULATION.md. */
async function tryBugs(seeds: readonly number[], threads: number, world: World): Promise<void> {
  const rows = new Map<string, string>();
  const left = [...world.bugs];
  const work = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const found = await firstFailing(bug, seeds, world);
      if (found === undefined) process.exitCode = 1;
      const taken = found === undefined ? 'not found' : String(seeds.indexOf(found.seed) + 1);
      rows.set(bug.name, `| ${bug.name} | ${bug.about} | ${taken} | ${found?.violation?.law ?? ''} |`);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  say('| bug | what is wrong | seeds | the law that broke |\n|---|---|---|---|');
  for (const { name } of world.bugs) say(rows.get(name) ?? '');
}

function seedsOf({ seeds, from }: Options): number[] {
  return Array.from({ length: seeds }, (_, index) => from + index);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) {
    throw new InvalidArgumentError('Expected a whole number from 1 on.');
  }
  return Number(text);
}
