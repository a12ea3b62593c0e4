// The console's commands, each file over a mesh of its own: what they and the browser's client load is loaded once.
import { endWarmFunctions, keepFunctionsWarm } from '../mesh/warm-functions.ts';
import { together } from '../together.ts';

keepFunctionsWarm();
await together('test/mesh/console/{actions,commands,dead-letters,depth,drills,replay}.test.ts');
await endWarmFunctions();
