// The Pulumi program: `pulumi up` runs it.
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';

const pipelines = await loadPipelines();
deploy(readSettings([...pipelines.values()]));
