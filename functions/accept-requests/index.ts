// Registers accept-requests, the HTTP function that takes requests from the internet; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../shared/google/token-keys.ts';
import { register } from '../../shared/http/register.ts';
import { composeAcceptRequests } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: thinStore, topic: topicPublisher, tokenKeys };
register(http, declaration.name, composeAcceptRequests(config, { ...here, ...ports }));
