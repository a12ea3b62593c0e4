// Least privilege of what Carmila has not: a watched bucket, published files, a published model. In a copy of the tree with
// such a pipeline added, each grant that it brings is taken away in turn.
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { copyTree } from '../deploy/tree-copy.ts';
import { FROST_SOURCES } from './rights/frost/sources.ts';

const copy = copyTree('frost', FROST_SOURCES);
after(() => rmSync(copy.folder, { recursive: true, force: true }));

test('without any one of its rights something of the pipeline fails, and says why', async () => {
  await copy.node('--test', 'test/failure/rights/frost/each-grant.ts');
});
