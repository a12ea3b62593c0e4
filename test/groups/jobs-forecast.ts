// The job of forecasts.
import { together } from '../together.ts';

await together('test/jobs/{forecast,xgboost}/**/*.test.ts');
