// The mesh of carmila: what it is given, and what it makes of it.
import { endWarmFunctions, keepFunctionsWarm } from '../mesh/warm-functions.ts';
import { together } from '../together.ts';

keepFunctionsWarm();
await together(
  'test/mesh/carmila/{bad-input,foreign-events,happy-path,left-out}.test.ts',
  'test/mesh/carmila/{lines,outputs,real-data}.test.ts',
);
await endWarmFunctions();
