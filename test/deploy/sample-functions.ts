// A service that operators call and a function that it calls: what is added to a copy of the tree.

export const [FUNCTION, SERVICE] = ['count-answers', 'answer-questions'];

const callers = `import { functionCall, message, operators } from '../../shared/functions/callers.ts';`;
/** Texts by their paths in the tree. */
export const SAMPLE_FUNCTIONS: Readonly<Record<string, string>> = {
  [`functions/${SERVICE}/function.ts`]: `// What the sample service may do and who calls it.
${callers}
import { defineFunction } from '../../shared/functions/declaration.ts';
import { adds, delivers, publishes } from '../../shared/functions/rights.ts';
import { WAITING } from '../../shared/functions/size.ts';
import { countSetting } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: '${SERVICE}',
  purpose: 'Answers questions',
  calledBy: [operators(), message('question-asked')],
  rights: [adds('runs'), publishes('question-asked'), delivers('${FUNCTION}')],
  variables: { PATIENCE_SECONDS: countSetting(5) },
  size: { ...WAITING, memory: '1Gi', maxInstances: 3 },
  runsAs: 'service',
});
`,
  [`functions/${SERVICE}/index.ts`]: `// Registers the sample service; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import declaration from './function.ts';

const config = configOf(declaration, process.env, processIn(process.env).pipelines);
const runs = gcsStore(config.RUNS_BUCKET, config);
http(declaration.name, (_request, response) => {
  response.json({ patience: config.PATIENCE_SECONDS, bucket: runs.bucket });
});
`,
  [`functions/${FUNCTION}/function.ts`]: `// What the sample function may do and who calls it.
${callers}
import { defineFunction } from '../../shared/functions/declaration.ts';
import { SMALL } from '../../shared/functions/size.ts';

export default defineFunction({
  name: '${FUNCTION}',
  purpose: 'Counts answers',
  calledBy: [functionCall('${SERVICE}')],
  rights: [],
  size: SMALL,
});
`,
  [`functions/${FUNCTION}/index.ts`]: `// Registers the sample function; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import declaration from './function.ts';

const config = configOf(declaration, process.env, processIn(process.env).pipelines);
http(declaration.name, (_request, response) => {
  response.json({ project: config.GOOGLE_CLOUD_PROJECT });
});
`,
};
