// `.ci/audit` over npm itself, against registries that know a vulnerability, know none, or do not answer audits.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, describe, test } from 'node:test';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LOCK = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string }>;
};
const DEPLOYED = 'csv-stringify';
const DEVELOPMENT = 'fast-check';

const versionOf = (name: string): string => LOCK.packages[`node_modules/${name}`]?.version ?? '';

interface Answer {
  readonly status: number;
  readonly body: object;
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-audit-'));
let registry: Server;
let advisories: Answer;
before(async () => {
  mkdirSync(join(folder, '.ci'));
  for (const file of ['.ci/audit', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, file), join(folder, file));
  registry = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const { status, body } = request.method === 'POST' ? advisories : { status: 200, body: packument(name) };
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((closed) => registry.close(closed));
});

const packument = (name: string) => ({
  name,
  'dist-tags': { latest: versionOf(name) },
  versions: { [versionOf(name)]: { name, version: versionOf(name) } },
});

let advisoryIds = 0;
/** Each with an id of its own, for npm keeps what it has read of one. */
const vulnerable = (name: string, severity: string): Answer => ({
  status: 200,
  body: {
    [name]: [
      {
        id: ++advisoryIds,
        url: 'https://example.org/1',
        title: 'a fault',
        severity,
        vulnerable_versions: '*',
        cwe: [],
      },
    ],
  },
});

async function audit(address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`) {
  const child = spawn(join(folder, '.ci/audit'), {
    env: {
      HOME: folder,
      PATH: process.env.PATH,
      npm_config_registry: address,
      npm_config_cache: join(folder, 'cache'),
      npm_config_update_notifier: 'false',
    },
  });
  const [out, error, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((ended) => child.on('close', ended)),
  ]);
  return { out, error, status };
}

describe('the audit', () => {
  test('passes where nothing is known', async () => {
    advisories = { status: 200, body: {} };
    const { out, status, error } = await audit();
    assert.equal(status, 0, error);
    assert.match(out, /no library that is deployed has a known vulnerability of the level high or above/);
  });

  test('fails for a vulnerability of a library that is deployed, and names it', async () => {
    for (const severity of ['high', 'critical']) {
      advisories = vulnerable(DEPLOYED, severity);
      const { status, error } = await audit();
      assert.equal(status, 1, error);
      assert.match(error, new RegExp(`npm audit: ${DEPLOYED} \\* has a ${severity} vulnerability`));
    }
  });

  test('passes for a lesser one, and for one of development alone', async () => {
    for (const answer of [vulnerable(DEPLOYED, 'moderate'), vulnerable(DEVELOPMENT, 'critical')]) {
      advisories = answer;
      const { status, error } = await audit();
      assert.equal(status, 0, error);
    }
  });

  test('passes where the registry does not answer audits, or not at all, and says that nothing was checked', async () => {
    advisories = { status: 405, body: {} };
    for (const { out, status, error } of [await audit(), await audit('http://127.0.0.1:9')]) {
      assert.equal(status, 0, error);
      assert.match(out, /the registry did not answer \(.+\); nothing was checked/);
    }
  });

  describe('without a lock file that can be read', () => {
    afterEach(() => cpSync(join(ROOT, 'package-lock.json'), join(folder, 'package-lock.json')));

    test('fails', async () => {
      advisories = { status: 200, body: {} };
      rmSync(join(folder, 'package-lock.json'));
      const { status, error } = await audit();
      assert.equal(status, 1);
      assert.match(error, /npm audit failed: ENOLOCK/);
      writeFileSync(join(folder, 'package-lock.json'), '{');
      assert.equal((await audit()).status, 1);
    });
  });
});
