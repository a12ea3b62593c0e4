// The sinks of the infra program.
import { knownInputs, text, type Shape } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

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

export const creators: Creators = {
  'gcp:logging/projectSink:ProjectSink': sink,
};
