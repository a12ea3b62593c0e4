// The stage `report`: pages and a document with the same numbers, nothing from elsewhere, and the same bytes every time.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { City } from '../../../../jobs/heat/city/city.ts';
import { printable } from '../../../../jobs/heat/report/document/printable.ts';
import { hoursOfCity } from '../../../../jobs/heat/report/evidence.ts';
import { chosenHours, framesOf } from '../../../../jobs/heat/report/frames.ts';
import { report } from '../../../../jobs/heat/stages/report/report.ts';
import { notPage, notPdf } from '../../../../models/heat/published-files.ts';
import { LANGUAGES } from '../../../../shared/page/languages.ts';
import { skip, startBrowser, type Browser, type Opened } from '../../forecast/browser.ts';
import { fileOf } from '../formats/files.ts';
import { bareFiles, cityOf, fineSeries, fullFiles, GRID, START, workOf } from './stage-files.ts';

type Files = ReturnType<typeof fullFiles>;

async function made(files: Files = fullFiles(), city: City = cityOf()): Promise<ReadonlyMap<string, Buffer>> {
  const reported = await report.run(workOf(files, city));
  return new Map(reported.map(({ name, bytes }) => [name, bytes]));
}

const full = await made();
const bare = await made(bareFiles());
const page = (language: 'en' | 'fr', files = full): string =>
  files.get(`paris_report${language === 'en' ? '' : '.fr'}.html`)!.toString('utf8');

const hashesOf = (files: ReadonlyMap<string, Buffer>) =>
  [...files].map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]);

/** Words alone, with one plain space between them. */
const wordsOf = (html: string): string =>
  html
    .replace(/<(style|script|svg)[\s>][\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('a report is a page and a document in each language, and each begins as such a file does', async () => {
  assert.deepEqual(
    [...full.keys()],
    ['paris_report.html', 'paris_report.fr.html', 'paris_report.pdf', 'paris_report.fr.pdf'],
  );
  for (const [name, bytes] of full) {
    const start = {
      sizeBytes: bytes.length,
      readStart: (count: number) => Promise.resolve(bytes.subarray(0, count)),
    };
    assert.equal(await (name.endsWith('.pdf') ? notPdf : notPage)(start), undefined, name);
  }
});

test('the same input gives the same bytes', async () => {
  // The library of the document does some of its work in the background, done now sooner and now later.
  for (let time = 0; time < 6; time++) assert.deepEqual(hashesOf(await made()), hashesOf(full));
});

test('only what the configuration wants is made', async () => {
  const names = async (wanted: object) => [
    ...(await made(fullFiles(), cityOf({ output: { report: wanted } }))).keys(),
  ];
  assert.deepEqual(await names({ format: ['pdf'] }), ['paris_report.pdf', 'paris_report.fr.pdf']);
  assert.deepEqual(await names({ format: ['html'] }), ['paris_report.html', 'paris_report.fr.html']);
  const plain = await made(
    fullFiles(),
    cityOf({ output: { report: { include_maps: false, include_metrics: false } } }),
  );
  const text = page('en', plain);
  assert.doesNotMatch(text, /<img|<script|How good these temperatures are|RMSE/);
  assert.match(text, /The heat in numbers/);
});

test('nothing is fetched: no address but those of files beside the page', () => {
  for (const language of LANGUAGES) {
    const html = page(language);
    assert.doesNotMatch(html.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|@import|url\((?!#)/);
    for (const [, source = ''] of html.matchAll(/\ssrc="([^"]*)"/g))
      assert.match(source, /^data:image\/png;base64,/);
    for (const [, link = ''] of html.matchAll(/\shref="([^"]*)"/g)) assert.match(link, /^paris_[a-z_.]+$/);
    assert.ok(html.includes(`href="paris_report${language === 'fr' ? '.fr' : ''}.pdf"`));
    assert.doesNotMatch(html, /\sstyle="|\son[a-z]+="/);
    assert.ok(html.length < 4e6, `${html.length} bytes`);
  }
});

test('numbers are those of the documents, as each language writes them', () => {
  const [english, french] = LANGUAGES.map((language) => wordsOf(page(language)));
  for (const words of ['26.0 °C', '1,234.6 km²', '+1.53 °C', '−0.40 °C', '0.261 °C', '60.8 %', '3 days'])
    assert.ok(english!.includes(words), words);
  for (const words of ['26,0 °C', '+1,53 °C', '−0,40 °C', '0,261 °C', '3 jours', 'Îlot de chaleur urbain'])
    assert.ok(french!.includes(words), words);
});

test('texts of the data are escaped', () => {
  const html = page('en');
  assert.ok(html.includes('Évry &lt;b&gt;&amp;amp;'));
  assert.ok(html.includes('TX_&lt;none&gt;.txt: 2345 suspect values'));
  assert.doesNotMatch(html, /Évry <b>/);
});

test('what is not known is not shown, and its reason is', () => {
  const words = wordsOf(page('en', bare));
  assert.match(words, /Vegetation index \(NDVI\): not known: there is no B08.tif and no B04.tif/);
  assert.match(words, /mean squared error; not known: the city has no reference series/);
  assert.doesNotMatch(words, /NaN|null|undefined/);
  const french = wordsOf(page('fr', bare));
  assert.match(french, /Indice de bâti \(NDBI\) : inconnu : il n’y a ni B11.tif ni B08.tif/);
  assert.match(french, /erreur quadratique moyenne ; inconnu : la ville n’a pas de série de référence/);
  assert.match(french, /touchées .* inconnu : aucune source ne donne le nombre d’habitants/);
  assert.doesNotMatch(french, /NaN|null|undefined|squared error|there is no|not known|\bthe\b/);
});

test('a city without any value has a report as well', async () => {
  const series = fineSeries(30);
  series.values.fill(NaN);
  const words = wordsOf(page('en', await made(bareFiles(series))));
  assert.match(words, /Heat in Paris/);
  assert.doesNotMatch(words, /NaN|Infinity/);
});

describe('frames', () => {
  const hours = (count: number, every = 1) =>
    Array.from({ length: count }, (_, at) => ({
      time: START + at * every * 3_600_000,
      mean: 1,
      least: 0,
      most: 2,
    }));

  test('are hours at the same times of the day, at most 48', () => {
    assert.equal(chosenHours(hours(48)).length, 48);
    assert.deepEqual(chosenHours(hours(72)).slice(0, 3), [0, 2, 4]);
    const month = chosenHours(hours(31 * 24));
    assert.deepEqual([month.length, month[0], month[1]], [31, 15, 39]);
    assert.ok(chosenHours(hours(366 * 24)).length <= 48);
    assert.equal(chosenHours(hours(40, 24)).length, 40);
    assert.deepEqual(chosenHours([]), []);
  });

  test('of a large city are small enough that the page stays a few megabytes', () => {
    const grid = { ...GRID, columns: 700, rows: 500 };
    const series = fineSeries(48, grid);
    let state = 1;
    // Noise, which no picture compresses.
    for (let at = 0; at < series.values.length; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      series.values[at] = state / 2 ** 27;
    }
    const { frames, shrink } = framesOf(series, hoursOfCity(series));
    const bytes = frames.reduce((sum, { png }) => sum + png.length, 0);
    assert.equal(frames.length, 48);
    assert.ok(shrink > 1);
    assert.ok(bytes < 2e6, `${bytes} bytes`);
  });
});

test('letters that the fonts of the document lack are written without their accents', () => {
  assert.equal(printable('Évry − 3\u202f°C, Łódź Ž ✓ Αθήνα\u0007'), 'Évry - 3\u00a0°C, ?ód\u007a Ž ? ?????');
});

const hasText = spawnSync('pdftotext', ['-v']).error === undefined;
const skipText = hasText ? false : 'there is no pdftotext on this machine: apt-get install poppler-utils';

const DOCUMENTS = [
  [
    'paris_report.pdf',
    'Heat in Paris',
    ['1 July 2024 to 3 July 2024', '1,234.6 km²', '+1.53 °C', '0.261 °C'],
  ],
  [
    'paris_report.fr.pdf',
    'La chaleur à Paris',
    ['du 1er juillet 2024 au 3 juillet 2024', '1 234,6 km²', '+1,53 °C', '0,261 °C', 'aucune source'],
  ],
] as const;

for (const [document, title, texts] of DOCUMENTS)
  test(
    `${document} has real text, the same numbers, and only the time of the freeze`,
    { skip: skipText },
    () => {
      const { path } = fileOf('report.pdf', full.get(document)!);
      const { stdout } = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
      const words = stdout.replaceAll('\u00a0', ' ');
      for (const text of [title, ...texts, 'Évry <b>&amp;']) assert.ok(words.includes(text), text);
      const info = spawnSync('pdfinfo', ['-isodates', path], { encoding: 'utf8' }).stdout;
      assert.match(info, /CreationDate:\s+2024-08-01T06:00:00Z/);
      assert.match(info, new RegExp(`Title:\\s+${title}`));
    },
  );

const WIDE = '[document.scrollingElement.scrollWidth, innerWidth]';
const SHOWN = `[...document.querySelectorAll('.frame')].filter((frame) => frame.getClientRects().length > 0).length`;

const fits = async (opened: Opened, what: string) => {
  const [content = 0, room = 0] = await opened.evaluate<number[]>(WIDE);
  assert.ok(content <= room, `${what}: ${content} pixels wide in ${room}`);
};

/** All cells of the series have nearly the same area. */
function meanAt(hour: number): number {
  const { grid, values } = fineSeries();
  const cells = grid.columns * grid.rows;
  const known = [...values.subarray(hour * cells, (hour + 1) * cells)].filter(
    (value) => !Number.isNaN(value),
  );
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

describe('the page in a browser', { skip }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  test('fits a phone and a desk, light and dark, and the policy complains of nothing', async () => {
    for (const language of LANGUAGES)
      for (const width of [320, 768, 1280]) {
        const opened = await browser.open(page(language), { width, media: 'screen', dark: width === 768 });
        await fits(opened, `${language}, ${width} pixels`);
        assert.deepEqual(opened.complaints, []);
        assert.equal(
          await opened.evaluate(`[...document.images].every((image) => image.naturalWidth > 0)`),
          true,
        );
      }
  });

  test('the slider shows one frame, the one that is chosen', async () => {
    const opened = await browser.open(page('en'), { width: 1280, media: 'screen' });
    assert.equal(await opened.evaluate(SHOWN), 1);
    const chosen = await opened.evaluate<string>(`(() => {
      const slider = document.querySelector('input');
      slider.value = 5;
      slider.dispatchEvent(new Event('input'));
      return document.querySelector('.frame.shown').textContent.trim();
    })()`);
    assert.equal(chosen.replaceAll('\u00a0', ' '), `1 Jul, 10:00; mean ${meanAt(10).toFixed(1)} °C`);
  });

  test('without a script, and on paper, all frames are shown', async () => {
    const without = page('en').replace(/<script>[\s\S]*?<\/script>/, '');
    const opened = await browser.open(without, { width: 390, media: 'screen' });
    assert.equal(await opened.evaluate(SHOWN), 36);
    await fits(opened, 'without a script');
    const printed = await browser.open(page('fr'), { width: 703, media: 'print' });
    assert.equal(await printed.evaluate(SHOWN), 36);
    await fits(printed, 'on paper');
  });

  test('a script that is not the page’s own does not run', async () => {
    const planted = `<script>document.title = 'ran'</script></main>`;
    const opened = await browser.open(page('en').replace('</main>', planted), {
      width: 1280,
      media: 'screen',
    });
    assert.notEqual(await opened.evaluate('document.title'), 'ran');
  });
});
