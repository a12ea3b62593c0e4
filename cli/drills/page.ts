// The page of the drills: what can be made to fail, what happened, and where to watch the mesh recover.
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import { LANGUAGES, type Language } from '../../shared/page/languages.ts';
import { timeElement } from '../../shared/page/times.ts';
import { DRILLS, type Drill } from './catalog.ts';
import type { Happened } from './drills.ts';
import { DRILL_WORDS, type DrillWords } from './words.ts';

export interface Shown {
  readonly pipelines: readonly string[];
  readonly chosen: string;
  readonly console: string;
  readonly happened: readonly Happened[];
  readonly isUnderWay: boolean;
  readonly timeZone: string;
  readonly language: Language;
  /** By hand: the forms and the console keep it. */
  readonly isChosen: boolean;
}

interface View extends Shown {
  readonly words: DrillWords;
  /** `?lang=` where the language was chosen by hand. */
  readonly kept: string;
}

export const drillsPage = (shown: Shown): Html => {
  const { language, console, chosen, isChosen } = shown;
  const words = DRILL_WORDS[language];
  const view = { ...shown, words, kept: isChosen ? `?lang=${language}` : '' };
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${words.drills} · Sluice</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">${words.skip}</a>
        <header>
          <b>Sluice</b>
          <nav aria-label="Sluice">
            <a href="${console}/${view.kept}">${words.console}</a>
            <a href="/drills${view.kept}" aria-current="page">${words.drills}</a>
          </nav>
        </header>
        <main id="main" tabindex="-1">
          <h1>${words.drills}</h1>
          <p>
            ${words.intro} <a href="${console}/p/${chosen}/runs${view.kept}">${words.watch}</a>.
            ${words.onlyHere}
          </p>
          ${happenedShown(view)}
          <h2>${words.failures}</h2>
          <ul class="cards">
            ${DRILLS.map((drill) => card(drill, view))}
          </ul>
        </main>
        ${footer(view)}
      </body>
    </html>`;
};

function footer({ language, chosen, words }: View): Html {
  const other = LANGUAGES.find((each) => each !== language) ?? language;
  return html`<footer>
    <a href="/drills?pipeline=${chosen}&amp;lang=${other}" lang="${other}" hreflang="${other}"
      >${words.otherLanguage}</a
    >
  </footer>`;
}

function happenedShown({ happened, isUnderWay, timeZone, language, words, kept }: View): Html {
  if (happened.length === 0) return NOTHING;
  const time = (atMs: number) => timeElement(new Date(atMs).toISOString(), timeZone, language);
  const line = ({ atMs, what, answered }: Happened) =>
    html`<li>
      ${time(atMs)}${words.colon}${words.said(what)}
      ${answered === undefined ? NOTHING : html`<bdi lang="en">${answered}</bdi>`}
    </li>`;
  return html`<h2>${words.happened}</h2>
    <ul>
      ${happened.map(line)}
    </ul>
    <form class="inline" method="post" action="/drills${kept}">
      <button name="do" value="sweep">${words.sweep}</button>
      ${isUnderWay ? html`<button name="do" value="stop">${words.stop}</button>` : NOTHING}
    </form>`;
}

const card = ({ name }: Drill, { pipelines, chosen, words, kept }: View): Html => {
  const { title, what, recovery } = words.of[name];
  return html`<li class="card">
    <h3>${title}</h3>
    <p>${what}</p>
    <p><strong>${words.recovery}</strong> ${recovery}</p>
    <form method="post" action="/drills${kept}">
      <input type="hidden" name="drill" value="${name}" />
      <label
        >${words.pipeline}
        <select name="pipeline">
          ${pipelines.map((each) =>
            each === chosen
              ? html`<option value="${each}" selected>${each}</option>`
              : html`<option value="${each}">${each}</option>`,
          )}
        </select></label
      >
      <button aria-label="${words.start}${words.colon}${title}">${words.start}</button>
    </form>
  </li>`;
};
