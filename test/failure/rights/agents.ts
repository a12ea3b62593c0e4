// The work that Google's own agents do unseen: what lies at rest is encrypted.
import { looked, replayed, type Work } from './work.ts';

const keeping: Work = {
  what: 'Cloud Storage reads and writes buckets that have a key',
  needs: ['storage-agent-encrypts'],
  attempt: looked,
};

const passingOn: Work = {
  what: 'Pub/Sub takes messages of topics that have a key',
  needs: ['messages-agent-encrypts'],
  attempt: looked,
};

const holding: Work = {
  what: 'BigQuery reads and writes tables that have a key',
  needs: ['warehouse-agent-encrypts'],
  attempt: replayed,
};

export const AGENTS: readonly Work[] = [keeping, passingOn, holding];
