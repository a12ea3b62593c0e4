// Whether this machine has XGBoost: tests that need it are skipped elsewhere, and say so.
import { openXgboost } from '../../../shared/xgboost/library.ts';

/** Options for `test`: runs it, or skips it with the reason. */
export const xgboostHere: { skip: string | false } = { skip: reasonToSkip() };

function reasonToSkip(): string | false {
  try {
    openXgboost(process.env['XGBOOST_LIBRARY']);
    return false;
  } catch (error) {
    return String(error).split('\n')[0] ?? 'XGBoost is not installed';
  }
}
