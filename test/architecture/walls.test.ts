// The rooms know of each other only what the design says; each rule is seen to fail as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { readSources } from './sources.ts';
import {
  declarationsAreData,
  domainsNeverImportAdapters,
  functionsImportOnlyTheirAdapters,
  functionsNeverImportEachOther,
  jobsNeverImportEachOther,
  onlyAdaptersImportGoogleClients,
  onlyEntryPointsReadTheEnvironment,
  roomsKnowOnlyWhatTheyMay,
  sharedRoomsImportOnlyEarlierOnes,
  type Rule,
} from './walls.ts';

const sources = readSources();

interface Wall {
  readonly says: string;
  readonly rule: Rule;
  /** Files that break it: path and text. */
  readonly broken: readonly (readonly [string, string])[];
  readonly kept: readonly (readonly [string, string])[];
}

const WALLS: readonly Wall[] = [
  {
    says: 'functions never import each other',
    rule: functionsNeverImportEachOther,
    broken: [
      ['functions/a/index.ts', `import { b } from '../b/b.ts';`],
      ['functions/a/deep/a.ts', `export { b } from '../../b/b.ts';`],
      ['functions/a/a.ts', `const b = await import('../b/b.ts');`],
      ['functions/a/a.ts', `import type { B } from '../b/b.ts';`],
    ],
    kept: [['functions/a/index.ts', `import { a } from './a.ts';`]],
  },
  {
    says: 'jobs never import each other',
    rule: jobsNeverImportEachOther,
    broken: [['jobs/forecast/main.ts', `import '../other/main.ts';`]],
    kept: [['jobs/forecast/main.ts', `import './forecast.ts';`]],
  },
  {
    says: 'each room knows only the rooms that the design allows it',
    rule: roomsKnowOnlyWhatTheyMay,
    broken: [
      ['local/cloud.ts', `import { PermanentError } from '../shared/errors.ts';`],
      ['local/storage/storage.ts', `import { carmila } from '../../pipelines/carmila.ts';`],
      ['local/functions/host.ts', `import '../../functions/start-run/index.ts';`],
      ['infra/jobs.ts', `import { openCloud } from '../local/cloud.ts';`],
      ['shared/runs/state.ts', `import { startRun } from '../../functions/start-run/start-run.ts';`],
      ['shared/pipelines/registry.ts', `import { carmila } from '../../pipelines/carmila.ts';`],
      ['jobs/forecast/main.ts', `import { carmila } from '../../pipelines/carmila.ts';`],
      ['functions/start-run/index.ts', `import { openCloud } from '../../local/cloud.ts';`],
      ['shared/objects/memory.ts', `import { x } from '../../test/unit/x.ts';`],
    ],
    kept: [
      ['functions/start-run/index.ts', `import { carmila } from '../../pipelines/carmila.ts';`],
      ['infra/jobs.ts', `import { jobNameOf } from '../shared/pipelines/pipeline.ts';`],
      ['test/unit/x.test.ts', `import { openCloud } from '../../local/cloud.ts';`],
      ['local/cloud.ts', `import { join } from 'node:path';`],
    ],
  },
  {
    says: 'each room of shared/ imports only the rooms before it',
    rule: sharedRoomsImportOnlyEarlierOnes,
    broken: [
      ['shared/runs/end.ts', `import { finishRun } from '../completion/finish.ts';`],
      ['shared/objects/json.ts', `import type { RunId } from '../runs/names.ts';`],
      ['shared/tracing/ids.ts', `import type { Log } from '../logging.ts';`],
      ['shared/unlisted/x.ts', `import { messageOf } from '../errors.ts';`],
      ['shared/runs/x.ts', `import { x } from '../unlisted/x.ts';`],
    ],
    kept: [
      ['shared/completion/finish.ts', `import { recordOutcome } from '../runs/outcome.ts';`],
      ['shared/runs/lease.ts', `import { leaseObject } from './names.ts';`],
      ['functions/a/a.ts', `import { finishRun } from '../../shared/completion/finish.ts';`],
    ],
  },
  {
    says: 'only shared/google imports Google clients, and only entry points the framework',
    rule: onlyAdaptersImportGoogleClients,
    broken: [
      ['functions/start-run/submit.ts', `import { v2 } from '@google-cloud/run';`],
      ['shared/objects/json.ts', `import type { File } from '@google-cloud/storage';`],
      ['functions/start-run/start-run.ts', `import { http } from '@google-cloud/functions-framework';`],
      ['cli/commands.ts', `import { GoogleAuth } from 'google-auth-library';`],
      ['local/drive/drive.ts', `import { drive } from 'googleapis/build/src/apis/drive/index.js';`],
    ],
    kept: [
      ['shared/google/run.ts', `import { v2 } from '@google-cloud/run';`],
      ['functions/start-run/index.ts', `import { http } from '@google-cloud/functions-framework';`],
      ['test/ports/x.test.ts', `import { Storage } from '@google-cloud/storage';`],
    ],
  },
  {
    says: 'a function imports only the adapters of its rights, in its index.ts',
    rule: functionsImportOnlyTheirAdapters(loadFunctions()),
    broken: [
      ['functions/detect-changes/index.ts', `import { x } from '../../shared/google/bigquery.ts';`],
      ['functions/start-run/start-run.ts', `import { x } from '../../shared/google/storage.ts';`],
      ['functions/start-run/compose.ts', `import { x } from '../../shared/google/storage.ts';`],
      ['functions/brand-new/index.ts', `import { x } from '../../shared/google/storage.ts';`],
    ],
    kept: [['functions/detect-changes/index.ts', `import { x } from '../../shared/google/sources.ts';`]],
  },
  {
    says: 'the declaration of a function is data',
    rule: declarationsAreData,
    broken: [
      ['functions/a/function.ts', `import { a } from './a.ts';`],
      ['functions/a/function.ts', `import { x } from '../../shared/runs/state.ts';`],
      ['functions/a/function.ts', `import { readFileSync } from 'node:fs';`],
    ],
    kept: [
      ['functions/a/function.ts', `import { adds } from '../../shared/functions/rights.ts';`],
      ['functions/a/compose.ts', `import { a } from './a.ts';`],
    ],
  },
  {
    says: 'a domain never imports the adapter behind its port',
    rule: domainsNeverImportAdapters,
    broken: [['shared/runs/lease.ts', `import { gcsStore } from '../google/storage.ts';`]],
    kept: [['shared/google/storage.ts', `import { failure } from './failures.ts';`]],
  },
  {
    says: 'only entry points read the environment',
    rule: onlyEntryPointsReadTheEnvironment,
    broken: [
      ['shared/config.ts', `export const port = process.env.PORT;`],
      ['functions/a/a.ts', `const { env } = process;`],
      ['cli/idle.ts', `const { argv, env } = process;`],
      ['infra/plan.ts', `import { env } from 'node:process';`],
      ['shared/config.ts', `const all = process['env'];`],
    ],
    kept: [
      ['functions/a/index.ts', `const config = readConfig(process.env, {});`],
      ['cli/idle.ts', `process.exitCode = 1;`],
      ['shared/pipelines/setting.ts', `const value = env[name];`],
    ],
  },
];

for (const { says, rule, broken, kept } of WALLS) {
  test(says, () => assert.deepEqual(rule(sources), []));

  test(`... and a file that breaks it is found: ${says}`, () => {
    for (const [path, text] of broken) assert.equal(rule([{ path, text }]).length, 1, `${path}: ${text}`);
    for (const [path, text] of kept) assert.deepEqual(rule([{ path, text }]), [], `${path}: ${text}`);
  });
}
