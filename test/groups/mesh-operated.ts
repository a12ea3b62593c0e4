// The mesh of carmila: what operators do with it.
import { endWarmFunctions, keepFunctionsWarm } from '../mesh/warm-functions.ts';
import { together } from '../together.ts';

keepFunctionsWarm();
await together(
  'test/mesh/carmila/{commands-on-runs,operator,operator-commands}.test.ts',
  'test/mesh/carmila/{replay,replay-plan,restore,verify}.test.ts',
);
await endWarmFunctions();
