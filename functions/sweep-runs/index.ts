// Registers sweep-runs, which Cloud Scheduler calls, and Pub/Sub when an execution has finished; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { answering } from '../../shared/events/answer.ts';
import { configOf } from '../../shared/functions/declaration.ts';
import { functionCaller } from '../../shared/google/functions.ts';
import { processIn } from '../../shared/google/process.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { composeSweepRuns } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: gcsStore, deliver: functionCaller, jobs: cloudRunJob };
http(declaration.name, answering(composeSweepRuns(config, { ...here, ...ports })));
