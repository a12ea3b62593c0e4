// Reads a generated export of so many rows and prints the time and the peak memory: node bench/bikes/large-export.ts 10000000 [distinct rows]
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { readExports } from '../../jobs/train-bikes/reading/read-exports.ts';

const COUNTERS = 108;
const FIRST_MS = Date.UTC(2005, 0, 1);
const HEADER =
  "Identifiant du compteur;Nom du compteur;Identifiant du site de comptage;Nom du site de comptage;Comptage horaire;Date et heure de comptage;Date d'installation du site de comptage;Lien vers photo du site de comptage;Coordonnées géographiques;Identifiant technique compteur;ID Photos;test_lien_vers_photos_du_site_de_comptage_;id_photo_1;url_sites;type_dimage;mois_annee_comptage";

const [rows = 10_000_000, distinct = rows] = process.argv.slice(2).map(Number) as [number?, number?];
const startedMs = performance.now();
const reading = await readExports(
  [{ name: 'large.csv.gz', open: () => generated().pipe(createGzip({ level: 1 })) }],
  {
    newest: Date.now() / 3_600_000,
  },
);
if (reading.kind === 'refused') throw new Error(reading.problems[0]?.message);
process.stdout.write(
  `${JSON.stringify({
    rows: reading.files[0]!.rows,
    observations: reading.observations.hour.length,
    dropped: reading.dropped,
    seconds: Math.round(performance.now() - startedMs) / 1000,
    peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);

/** Hour by hour, every counter; from the beginning again after so many distinct rows. */
function generated(): Readable {
  return Readable.from(
    (function* () {
      yield `${HEADER}\n`;
      let lines = '';
      for (let row = 0; row < rows; row += 1) {
        lines += lineOf(row % distinct);
        if (lines.length < 60_000) continue;
        yield lines;
        lines = '';
      }
      yield lines;
    })(),
    { objectMode: false },
  );
}

function lineOf(row: number): string {
  const counter = row % COUNTERS;
  const time = new Date(FIRST_MS + Math.floor(row / COUNTERS) * 3_600_000).toISOString().slice(0, 19);
  const site = 100_000_000 + counter;
  // A count that looks like chance and depends on the row alone.
  const count = Math.imul(row + 1, 2_654_435_761) >>> 22;
  return `${site}-${site};${counter} boulevard de Sébastopol N-S;${site};${counter} boulevard de Sébastopol;${count};${time}+00:00;2013-01-18;;48.8${site},2.3${site};Y2H15027244;;;;;;${time.slice(0, 7)}\n`;
}
