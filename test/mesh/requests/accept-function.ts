// The entry of accept-requests, as its own, with the pipeline of these tests.
import { http } from '@google-cloud/functions-framework';
import { composeAcceptRequests } from '../../../functions/accept-requests/compose.ts';
import declaration from '../../../functions/accept-requests/function.ts';
import { configOf } from '../../../shared/functions/declaration.ts';
import { processIn } from '../../../shared/google/process.ts';
import { topicPublisher } from '../../../shared/google/pubsub.ts';
import { thinStore } from '../../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../../shared/google/token-keys.ts';
import { register } from '../../../shared/http/register.ts';
import { pipelines } from './sample-pipeline.ts';

const here = { ...processIn(process.env), pipelines };
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: thinStore, topic: topicPublisher, tokenKeys };
register(http, declaration.name, composeAcceptRequests(config, { ...here, ...ports }));
