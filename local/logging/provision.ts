// The sinks and the log views of the infra program.
import { knownInputs, text, type Shape } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import { viewResource } from './views.ts';

const SINK: Shape = {
  name: 'value',
  destination: 'value',
  filter: 'value',
  // A writer of its own is an identity of Google's, Cloud Logging's agent here.
  uniqueWriterIdentity: [true],
};

const sink: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, SINK);
  cloud.logging.ensureSink({
    name: text(inputs, 'name'),
    destination: text(inputs, 'destination'),
    filter: text(inputs, 'filter'),
  });
};

const view: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, {
    name: 'value',
    parent: 'value',
    location: 'value',
    bucket: 'value',
    description: 'value',
    filter: 'value',
  });
  const [parent, location, bucket, name] = ['parent', 'location', 'bucket', 'name'].map((key) =>
    text(inputs, key),
  );
  cloud.logging.ensureView(
    viewResource(parent ?? '', location ?? '', bucket ?? '', name ?? ''),
    text(inputs, 'filter'),
  );
};

export const creators: Creators = {
  'gcp:logging/logView:LogView': view,
  'gcp:logging/projectSink:ProjectSink': sink,
};
