// Gradient boosting where this machine has XGBoost, and the reason where it has not.
import type { Downscaler } from '../../../models/downscale/downscaler.ts';
import type { Coded } from '../../../models/heat/documents.ts';
import { XgboostMissing } from '../../../shared/xgboost/errors.ts';
import { openXgboost, type XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { coded } from '../texts/coded.ts';
import { boosting } from './boosting.ts';

/** `library` is a path; without one the usual places are searched. */
export function boostingIfInstalled(library?: string): Downscaler | { readonly reason: Coded } {
  const xgboost = xgboostIfInstalled(library);
  return xgboost === undefined ? { reason: coded('no-xgboost') } : boosting(xgboost);
}

/** For example `1.7.4`; null where it is not installed. */
export const xgboostVersion = (library?: string): string | null =>
  xgboostIfInstalled(library)?.version ?? null;

/** Undefined where it is not installed. */
export function xgboostIfInstalled(library?: string): XgboostLibrary | undefined {
  try {
    return openXgboost(library);
  } catch (error) {
    if (error instanceof XgboostMissing) return undefined;
    throw error;
  }
}
