// The plan of the infra program for this machine, kept from one start to the next: to load Pulumi and to run the program takes longer than all else that a start does.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlannedResource } from '../infra/plan.ts';
import { readKept, writeKept } from '../local/state/kept-file.ts';

type Plan = readonly PlannedResource[];
type Stack = Readonly<Record<string, string>>;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What a plan follows from beside the configuration: the program, what it imports, and the versions of its libraries. */
const SOURCES = ['functions', 'infra', 'models', 'pipelines', 'shared', 'package.json'];
const KEPT_IN = join(ROOT, 'node_modules/.cache/sluice-plans');
const LONGEST_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** A kept plan has this in place of a function's address, which is another one at each start. */
const addressOf = (name: string): string => `http://${name}.function.invalid`;
const ADDRESSES = /http:\/\/([a-z0-9-]+)\.function\.invalid/g;

/** The same as `planResources`; a plan of the same sources and configuration is read from the folder of the kept plans. */
export async function plannedResources(config: Stack, functionUrl: (name: string) => string): Promise<Plan> {
  const file = join(KEPT_IN, `${keyOf(config)}.json`);
  const plan = (readKept(file) as Plan | undefined) ?? keep(file, await planned(config));
  const text = JSON.stringify(plan).replaceAll(ADDRESSES, (_, name: string) => functionUrl(name));
  return JSON.parse(text) as Plan;
}

async function planned(config: Stack): Promise<Plan> {
  const { planResources } = await import('../infra/plan.ts');
  return planResources({ config, functionUrl: addressOf });
}

function keyOf(config: Stack): string {
  const hash = createHash('sha256').update(JSON.stringify([ROOT, config]));
  for (const path of SOURCES.flatMap(filesIn))
    hash.update(`\n${path}\n`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

/** The file itself, or every file below the folder, in the order of their names. */
function filesIn(path: string): readonly string[] {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .toSorted();
}

function keep(file: string, plan: Plan): Plan {
  writeKept(file, plan);
  forgetOld();
  return plan;
}

function forgetOld(): void {
  try {
    for (const name of readdirSync(KEPT_IN)) {
      const path = join(KEPT_IN, name);
      if (Date.now() - statSync(path).mtimeMs > LONGEST_KEPT_MS) rmSync(path, { force: true });
    }
  } catch {
    // A read-only folder; or another start has renamed or removed a file meanwhile, and the next one looks again.
  }
}
