// Registers detect-changes, the HTTP function that Cloud Scheduler calls; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { answering } from '../../shared/events/answer.ts';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { googleSources } from '../../shared/google/sources.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { composeDetectChanges } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: gcsStore, topic: topicPublisher, sources: googleSources };
http(declaration.name, answering(composeDetectChanges(config, { ...here, ...ports })));
