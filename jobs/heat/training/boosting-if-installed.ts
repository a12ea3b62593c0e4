// Gradient boosting where this machine has XGBoost, and the reason where it has not.
import type { Downscaler } from '../../../models/downscale/downscaler.ts';
import type { Coded } from '../../../models/heat/documents.ts';
import { XgboostMissing } from '../../../shared/xgboost/errors.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { coded } from '../texts/coded.ts';
import { boosting } from './boosting.ts';

/** `library` is a path; without one the usual places are searched. */
export function boostingIfInstalled(library?: string): Downscaler | { readonly reason: Coded } {
  try {
    return boosting(openXgboost(library));
  } catch (error) {
    if (error instanceof XgboostMissing) return { reason: coded('no-xgboost') };
    throw error;
  }
}
