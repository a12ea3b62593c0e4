import { planWiring } from '../wiring.ts';
import { stack } from './sample.ts';
import { liveThroughRequests } from './seed.ts';
import { messageFor } from '../shrink.ts';
const wiring = await planWiring(stack);
const [from, n, trace] = process.argv.slice(2);
let failed = 0;
for (let seed = Number(from); seed < Number(from) + Number(n); seed++) {
  const t = performance.now(),
    c = process.cpuUsage();
  const r = await liveThroughRequests({
    seed,
    wiring,
    ...(trace ? { trace: (l: string) => console.log(l) } : {}),
  });
  const u = process.cpuUsage(c);
  if (r.violation) failed++;
  console.log(
    seed,
    r.violation
      ? `${r.violation.law}: ${r.violation.detail} at ${new Date(r.violation.atMs).toISOString()}`
      : 'holds',
    r.decisions.length,
    Math.round((u.user + u.system) / 1000) + 'ms',
  );
}
console.log('failed', failed);
