// Registers handle-commands, the HTTP function that operators call; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { answering } from '../../shared/events/answer.ts';
import { configOf } from '../../shared/functions/declaration.ts';
import { pubsubDeadLetters } from '../../shared/google/dead-letters.ts';
import { functionCalls } from '../../shared/google/function-calls.ts';
import { processIn } from '../../shared/google/process.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { cloudRunJob } from '../../shared/google/run.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../shared/google/token-keys.ts';
import { composeHandleCommands } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = {
  objects: thinStore,
  topic: topicPublisher,
  call: functionCalls(config),
  tokenKeys,
  jobs: cloudRunJob,
  deadLetters: pubsubDeadLetters,
};
http(declaration.name, answering(composeHandleCommands(config, { ...here, ...ports })));
