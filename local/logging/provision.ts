// The sinks of the infra program.
import { knownInputs, text } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

const sink: Creator = (resource, { cloud }) => {
  // A writer of its own is an identity of Google's, Cloud Logging's agent here.
  const inputs = knownInputs(resource, ['name', 'destination', 'filter', 'uniqueWriterIdentity']);
  cloud.logging.ensureSink({
    name: text(inputs, 'name'),
    destination: text(inputs, 'destination'),
    filter: text(inputs, 'filter'),
  });
};

export const creators: Creators = {
  'gcp:logging/projectSink:ProjectSink': sink,
};
