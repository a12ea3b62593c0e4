// Registers predict-bikes, the HTTP function that applications ask; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { composePredictBikes } from './compose.ts';
import declaration from './function.ts';
import { bodyOf, keepBodies } from './raw-bodies.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const answer = composePredictBikes(config, { ...here, objects: gcsStore });
keepBodies();
http(declaration.name, async (request, response) => {
  const { status, headers, text } = await answer({
    method: request.method,
    path: request.path,
    ...bodyOf(request),
  });
  response.writeHead(status, headers).end(text);
});
