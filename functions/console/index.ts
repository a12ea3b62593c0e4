// Registers the console, the HTTP service that people open in a browser; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { lazyWarehouse } from '../../shared/google/lazy-warehouse.ts';
import { functionCalls } from '../../shared/google/function-calls.ts';
import { googleJobLog } from '../../shared/google/job-log.ts';
import { processIn } from '../../shared/google/process.ts';
import { googleTraces } from '../../shared/google/recorded-traces.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../shared/google/token-keys.ts';
import { register } from '../../shared/http/register.ts';
import { composeConsole } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const reading = {
  objects: thinStore,
  warehouse: lazyWarehouse,
  jobLog: googleJobLog,
  recordedTraces: googleTraces,
};
const ports = { ...reading, call: functionCalls(config), tokenKeys };
register(http, declaration.name, composeConsole(config, { ...here, ...ports }));
