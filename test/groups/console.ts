// The console's commands, each file over a mesh of its own: what they and the browser's client load is loaded once.
import { together } from '../together.ts';

await together('test/mesh/console/{actions,commands,dead-letters,depth,drills,replay}.test.ts');
