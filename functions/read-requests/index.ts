// Registers read-requests, the HTTP function that shows requested runs to callers; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { linkSigner } from '../../shared/google/signed-links.ts';
import { thinStore } from '../../shared/google/thin-storage.ts';
import { tokenKeys } from '../../shared/google/token-keys.ts';
import { register } from '../../shared/http/register.ts';
import { composeReadRequests } from './compose.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const ports = { objects: thinStore, links: linkSigner, tokenKeys };
register(http, declaration.name, composeReadRequests(config, { ...here, ...ports }));
