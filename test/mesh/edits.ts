// Edits that are revisions of their own, and the check that the newest of them was published, once.
import assert from 'node:assert/strict';
import { GOOD_ROWS, withVisitors } from './folders.ts';
import { TABLE, type RunningMesh } from './start-mesh.ts';

const FIRST_VISITORS = 1000;

export interface Edits {
  /** Changes one cell of one workbook. */
  edit(): void;
  /** The newest run is published, stands once in the ledger, and the table holds the newest edit. */
  publishedOnce(): Promise<void>;
}

/** `mesh` is asked for when it is needed: a test file starts its mesh after its edits are named. */
export function editsOf(mesh: () => RunningMesh): Edits {
  let visitors = FIRST_VISITORS;
  return {
    edit: () => mesh().put(withVisitors(++visitors)),
    async publishedOnce() {
      const { run, outcome } = await mesh().newestRun();
      assert.deepEqual([outcome?.outcome, outcome?.rows], ['published', GOOD_ROWS], outcome?.reason);
      assert.equal((await mesh().ledger()).filter((entry) => entry === run).length, 1);
      const [row] = await mesh().query(`SELECT MAX(donnees_reelles) AS most FROM ${TABLE}`);
      assert.deepEqual(row, { most: visitors });
    },
  };
}
