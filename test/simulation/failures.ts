// Seeds that failed once, and what each found; they run in every `npm test`.

export const PAST_FAILURES: readonly { readonly seed: number; readonly found: string }[] = [
  {
    seed: 94,
    found: 'the state moved on while its request had no object yet: the run never got an outcome',
  },
  {
    seed: 172,
    found:
      "the sweep cancelled a hanging execution though its swap of the lease had failed: 'cancelled by hand'",
  },
  {
    seed: 200,
    found: 'three BigQuery jobs had failed, their ids were used up, and no delivery ever got past them',
  },
  {
    seed: 8611,
    found: 'a submission was taken over and left no intent of its own: a third one did not wait for it',
  },
  {
    seed: 8677,
    found: 'Cloud Run had started an attempt twice, one of the two had failed, and the other was not seen',
  },
];
