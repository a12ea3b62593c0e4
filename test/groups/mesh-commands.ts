// The mesh of carmila: the commands that people type, each a process.
import { together } from '../together.ts';

await together('test/mesh/carmila/{commands,hostile-names,reopened,runbook,starting}.test.ts');
