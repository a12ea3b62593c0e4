// The question that every service asks before it acts.

/**
 * Throws `ApiError` 403 unless `caller` (an identity's email) may do `permission` on `resource`.
 * Resources are full names: `projects/_/buckets/B`, `projects/P/topics/T`, `projects/P/subscriptions/S`,
 * `projects/P/datasets/D`, `projects/P/locations/L/jobs/J`, `projects/P/locations/L/keyRings/R/cryptoKeys/K`,
 * `projects/P/serviceAccounts/EMAIL`, `projects/P`. A role granted on `projects/P` holds for everything in the
 * project, buckets included. `listPrefix` is that of a listing of objects, about which a condition may speak.
 */
export type Authorize = (caller: string, permission: string, resource: string, listPrefix?: string) => void;

/** For tests of one service alone. */
export const allowAll: Authorize = () => {};
