// Whether this machine has XGBoost: tests that need it are skipped elsewhere, and say so.
import { openXgboost, type XgboostLibrary } from '../../../shared/xgboost/library.ts';

function opened(): XgboostLibrary | { readonly reason: string } {
  try {
    return openXgboost(process.env['XGBOOST_LIBRARY']);
  } catch (error) {
    return { reason: String(error).split('\n')[0] ?? 'XGBoost is not installed' };
  }
}

const found = opened();

/** Undefined where it is not installed. */
export const xgboost: XgboostLibrary | undefined = 'reason' in found ? undefined : found;

/** Options for `test`: runs it, or skips it with the reason. */
export const xgboostHere: { skip: string | false } = { skip: 'reason' in found ? found.reason : false };
