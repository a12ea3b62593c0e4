// `node infra/describe.ts`: prints what the program deploys of every pipeline, as data, which the console's bundle contains.
import { describe } from './described.ts';
import tried from './tried.json' with { type: 'json' };

process.stdout.write(JSON.stringify(await describe(tried)));
