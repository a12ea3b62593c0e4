// The Pulumi program: `pulumi up` runs it.
import { log } from '@pulumi/pulumi';
import { loadFunctions } from '../shared/functions/registry.ts';
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';
import { archivedSources } from './sources.ts';

const settings = readSettings([...loadPipelines().values()], loadFunctions());
for (const sentence of settings.leftOut) await log.warn(sentence);
deploy(settings, archivedSources(settings.functionsFolder));
