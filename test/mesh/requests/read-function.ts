// The entry of read-requests, as its own, with the pipeline of these tests.
import { http } from '@google-cloud/functions-framework';
import { composeReadRequests } from '../../../functions/read-requests/compose.ts';
import declaration from '../../../functions/read-requests/function.ts';
import { configOf } from '../../../shared/functions/declaration.ts';
import { processIn } from '../../../shared/google/process.ts';
import { linkSigner } from '../../../shared/google/signed-links.ts';
import { thinStore } from '../../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../../shared/google/token-keys.ts';
import { register } from '../../../shared/http/register.ts';
import { pipelines } from './sample-pipeline.ts';

const here = { ...processIn(process.env), pipelines };
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: thinStore, links: linkSigner, tokenKeys };
register(http, declaration.name, composeReadRequests(config, { ...here, ...ports }));
