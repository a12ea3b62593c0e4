// Which engine forecasts: XGBoost, or the seasonal baseline where XGBoost is missing and that is allowed.
import { weekStoreIn } from '../learning/week-store.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { xgboostEngine } from '../xgboost/engine.ts';
import { XgboostMissing } from '../../../shared/xgboost/errors.ts';
import { blendedEngine } from './blended.ts';
import type { Engine } from './engine.ts';
import { seasonalEngine } from './seasonal.ts';

export interface EngineChoice {
  readonly pipeline: string;
  readonly country: string;
  /** `none`: a missing library is an error whose first line says how to install it. */
  readonly fallback: 'none' | 'seasonal';
  /** The path of libxgboost; where the system's loader finds it when undefined or empty. */
  readonly library: string | undefined;
  readonly threads: number;
}

export function chooseEngine(
  choice: EngineChoice,
  models: ObjectStore,
  log: { warn(fields: object, message: string): void },
): Engine {
  const { pipeline, country, fallback, library, threads } = choice;
  try {
    return blendedEngine(xgboostEngine({ library, store: weekStoreIn(models, pipeline), threads, country }));
  } catch (error) {
    if (!(error instanceof XgboostMissing) || fallback === 'none') throw error;
    const [howToInstall] = error.message.split('\n');
    log.warn(
      { tried: error.tried },
      `going on with the seasonal baseline, which is less exact. ${howToInstall}`,
    );
    return blendedEngine(seasonalEngine(country));
  }
}
