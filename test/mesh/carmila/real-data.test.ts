// The main job on the shared footfall workbooks, through the whole mesh: two hundred sites are published.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startMesh, TABLE } from '../start-mesh.ts';

const FOLDER = new URL('../../../../shared/data/drive-footfall/', import.meta.url);
const skip = existsSync(FOLDER) ? false : `the shared data is not on this machine: ${fileURLToPath(FOLDER)}`;

const SITES = 200;
// 1 January to 19 June 2015, and twelve weeks more.
const DAYS = 170 + 84;

test(
  'the shared workbooks are published: 200 sites, every day to twelve weeks ahead',
  { skip },
  async (t) => {
    const mesh = await startMesh();
    t.after(() => mesh.close());
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.xlsx'));
    mesh.put(
      Object.fromEntries(
        names.map((name) => [name, readFileSync(new URL(encodeURIComponent(name), FOLDER))]),
      ),
    );
    const report = await mesh.tick();
    assert.equal(report.outcome, 'published', report.reason);
    assert.equal(report.rows, SITES * DAYS);
    const [found] = await mesh.query(
      `SELECT COUNT(DISTINCT nom_mall) AS sites, CAST(MIN(date) AS STRING) AS first, CAST(MAX(date) AS STRING) AS last,
       COUNTIF(donnees_predites < 0) AS below FROM ${TABLE}`,
    );
    assert.deepEqual(found, { sites: SITES, first: '2015-01-01', last: '2015-09-11', below: 0 });
  },
);
