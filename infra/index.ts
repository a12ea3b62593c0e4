// The Pulumi program: `pulumi up` runs it.
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';
import { archivedSources } from './sources.ts';

const settings = readSettings([...loadPipelines().values()]);
deploy(settings, archivedSources(settings.functionsFolder));
