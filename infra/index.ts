// The Pulumi program: `pulumi up` runs it.
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { deploy } from './program.ts';
import { readSettings } from './settings.ts';

const pipelines = loadPipelines();
deploy(readSettings([...pipelines.values()]));
