// The page of the drills: what can be made to fail, what happened, and where to watch the mesh recover.
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import { timeElement } from '../../shared/page/times.ts';
import { DRILLS, type Drill } from './catalog.ts';
import type { Happened } from './drills.ts';

export interface Shown {
  readonly pipelines: readonly string[];
  readonly chosen: string;
  readonly console: string;
  readonly happened: readonly Happened[];
  readonly isUnderWay: boolean;
  readonly timeZone: string;
}

export const drillsPage = (shown: Shown): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Drills · Sluice</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <b>Sluice</b>
          <nav aria-label="Sluice">
            <a href="${shown.console}">Console</a> <a href="/drills" aria-current="page">Drills</a>
          </nav>
        </header>
        <main id="main" tabindex="-1">
          <h1>Drills</h1>
          <p>
            Choose a failure. It strikes the next run of the pipeline, which is requested at once, and the
            mesh recovers by itself. Watch it on
            <a href="${shown.console}/p/${shown.chosen}/runs">the pages of the console</a>. This page exists
            on this machine alone: the failures are those of the local cloud.
          </p>
          ${happenedShown(shown)}
          <h2>Failures</h2>
          <ul class="cards">
            ${DRILLS.map((drill) => card(drill, shown))}
          </ul>
        </main>
      </body>
    </html>`;

function happenedShown({ happened, isUnderWay, timeZone }: Shown): Html {
  if (happened.length === 0) return NOTHING;
  return html`<h2>What happened</h2>
    <ul>
      ${happened.map(({ atMs, text }) => html`<li>${timeElement(new Date(atMs).toISOString(), timeZone, 'en')}: ${text}</li>`)}
    </ul>
    <form class="inline" method="post" action="/drills">
      <button name="do" value="sweep">Run the sweep now</button>
      ${isUnderWay ? html`<button name="do" value="stop">Take back what has not struck</button>` : NOTHING}
    </form>`;
}

const card = ({ name, title, what, recovery }: Drill, { pipelines, chosen }: Shown): Html =>
  html`<li class="card">
    <h3>${title}</h3>
    <p>${what}</p>
    <p><strong>Recovery.</strong> ${recovery}</p>
    <form method="post" action="/drills">
      <input type="hidden" name="drill" value="${name}" />
      <label
        >Pipeline
        <select name="pipeline">
          ${pipelines.map((each) =>
            each === chosen
              ? html`<option value="${each}" selected>${each}</option>`
              : html`<option value="${each}">${each}</option>`,
          )}
        </select></label
      >
      <button aria-label="Start: ${title}">Start</button>
    </form>
  </li>`;
