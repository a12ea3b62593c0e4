// Registers publish-output, which receives output-finalized and load-requested messages; reads its environment, once.
import { cloudEvent } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { processIn } from '../../shared/google/process.ts';
import { topicPublisher } from '../../shared/google/pubsub.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { composePublishOutput } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: gcsStore, topic: topicPublisher, warehouse: bigqueryWarehouse };
cloudEvent(declaration.name, composePublishOutput(config, { ...here, ...ports }));
