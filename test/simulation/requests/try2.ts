import { planWiring } from '../wiring.ts';
import { stack, sample } from './sample.ts';
import { RequestsMesh, START_MS, STORM_MS } from './requests-mesh.ts';
const wiring = await planWiring(stack);
const seed = Number(process.argv[2]);
const mesh = new RequestsMesh({ seed, wiring });
await mesh.runUntil(START_MS + STORM_MS);
console.log(mesh.oracle.violation, mesh.asksApproval);
const list = mesh.cloud.storage
  .list('requests', 'dispatch/', { from: '', before: undefined, most: 1000 })
  .toReversed();
let prev = new Set<string>();
for (const { name } of list) {
  const s = JSON.parse(mesh.cloud.storage.text('requests', name) ?? '{}');
  const started = s.slots.filter((x: any) => !prev.has(x.run));
  console.log(
    s.n,
    s.at,
    'slots',
    s.slots.length,
    'started',
    started
      .map((x: any) => `${x.owner.slice(0, 4)}:${x.run.slice(-4)} ${Math.round(x.cost * 1e6)}`)
      .join(' '),
    'cursor',
    s.cursor?.slice(0, 4),
    'deficits',
    Object.entries(s.deficits)
      .map(([o, d]) => `${o.slice(0, 4)} ${Math.round(Number(d) * 1e6)}`)
      .join(' '),
  );
  prev = new Set(s.slots.map((x: any) => x.run));
}
for (const k of mesh.oracle.known.values())
  console.log(
    k.run.slice(1, 5),
    k.run.slice(-4),
    new Date(k.firstAtMs).toISOString(),
    'prio',
    k.entry.record.priority,
    'cost',
    k.entry.record.estimate.expected ?? k.entry.record.estimate.high,
    k.outcome?.outcome,
    k.approvedAtMs && new Date(k.approvedAtMs).toISOString(),
  );
