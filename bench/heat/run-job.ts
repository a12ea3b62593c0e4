// The process that a bench times: one attempt of the heat job over a folder of files, with buckets in memory.
import { freeze, memoryBuckets, runHeat, type LogLine } from '../../test/jobs/heat/story/run-city.ts';

const [folder = ''] = process.argv.slice(2);
const buckets = memoryBuckets();
await freeze(buckets.runs, folder);
const lines: LogLine[] = [];
const start = performance.now();
const manifest = await runHeat(buckets, { lines });
const seconds = (performance.now() - start) / 1000;
if (manifest.kind === 'refusal') throw new Error(manifest.reason);
const again = performance.now();
await runHeat(buckets, { lines, attempt: { pipeline: 'heat', run: manifest.run, attempt: 2 } });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({
    seconds,
    cachedSeconds: (performance.now() - again) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: maxRSS / 1024,
    files: manifest.files.length,
  }),
);
