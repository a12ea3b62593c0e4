// The Pulumi program: `pulumi up` runs it.
import { loadFunctions } from '../shared/functions/registry.ts';
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';
import { archivedSources } from './sources.ts';

const settings = readSettings([...loadPipelines().values()], loadFunctions());
deploy(settings, archivedSources(settings.functionsFolder));
