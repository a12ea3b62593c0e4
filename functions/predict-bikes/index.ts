// Registers predict-bikes, the HTTP function that applications ask; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { register } from '../../shared/http/register.ts';
import { composePredictBikes } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
register(http, declaration.name, composePredictBikes(config, { ...here, objects: gcsStore }));
