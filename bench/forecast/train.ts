// Trains the model of a folder through the job's own library, and prints how long it took.
import { createHash } from 'node:crypto';
import { openXgboost } from '../../shared/xgboost/library.ts';
import { readTraining } from './matrix.ts';

const { block, parameters, trees } = readTraining(process.argv[2] ?? '');
const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);

const startMs = performance.now();
const cpu = process.cpuUsage();
using matrix = xgboost.matrix(block);
using booster = xgboost.booster(matrix, parameters);
booster.train(matrix, 0, trees);
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - startMs) / 1000;

const predictions = booster.predict(matrix);
const bytes = new Uint8Array(predictions.buffer, predictions.byteOffset, predictions.byteLength);
const digest = createHash('sha256').update(bytes).digest('hex');
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds, digest, version: xgboost.version })}\n`);
