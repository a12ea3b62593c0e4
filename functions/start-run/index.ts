// Registers start-run, which Pub/Sub pushes run-requested messages to; reads its environment, once.
import { cloudEvent } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { googleSources } from '../../shared/google/sources.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { composeStartRun } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: gcsStore, topic: topicPublisher, jobs: cloudRunJob, sources: googleSources };
cloudEvent(declaration.name, composeStartRun(config, { ...here, ...ports }));
