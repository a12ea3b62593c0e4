// The console's screens in a browser.
import { endWarmFunctions, keepFunctionsWarm } from '../mesh/warm-functions.ts';
import { together } from '../together.ts';

keepFunctionsWarm();
await together('test/mesh/console/{forecast,models,pages}.test.ts');
await endWarmFunctions();
