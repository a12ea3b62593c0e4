// The frame of every page: its head, the way to other screens, who is signed in, the other language, and the same as JSON.
import { html, type Html } from '../../shared/page/html.ts';
import { LANGUAGES } from '../../shared/page/languages.ts';
import { ICON, SCRIPT, STYLE } from './assets.ts';
import { screensOfMesh } from './navigation.ts';
import { STATUS, type PageProblem } from './problem.ts';
import { missingShown } from './missing.ts';
import { named, shortened, withQuery, type View } from './view.ts';
import { inFrench } from './words/problems/in-french.ts';

export interface Framed {
  readonly title: string;
  readonly body: Html;
  readonly pace: 'live' | 'calm' | undefined;
}

/** `main` alone changes while a page stays open; the client's script compares it by the `ETag`. */
export const page = ({ title, body, pace }: Framed, view: View): Html => {
  const { words, asked } = view;
  return html`<!doctype html>
    <html lang="${asked.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Sluice</title>
        <link rel="stylesheet" href="${STYLE.path}" />
        <link rel="icon" href="${ICON.path}" type="image/svg+xml" />
        <script src="${SCRIPT.path}" defer></script>
      </head>
      <body data-offline="${words.offline}" data-signed-out="${words.signedOut}">
        <a class="skip" href="#main">${words.skip}</a>
        <header>
          <b>Sluice</b>
          ${screensOfMesh(view)}
        </header>
        <p class="notice" id="notice" role="status" hidden></p>
        <main id="main" tabindex="-1" data-pace="${pace ?? 'still'}">
          <h1>${title}</h1>
          ${body}
        </main>
        ${footer(view)}
      </body>
    </html>`;
};

function footer(view: View): Html {
  const { words, asked } = view;
  const other = LANGUAGES.find((language) => language !== asked.language) ?? asked.language;
  // A name may stand in it more than once: a form about several dead letters.
  const query = new URLSearchParams(asked.query);
  const json = withQuery(asked.path === '/' ? '/index.json' : `${asked.path}.json`, query);
  query.set('lang', other);
  return html`<footer>
    ${
      asked.person.email === ''
        ? ''
        : html`<span>${words.signedInAs(asked.person.email)}, ${words.role(asked.isOperator)}</span>`
    }
    <a href="${withQuery(asked.path, query)}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>
    <a href="${json}">${words.asJson}</a>
  </footer>`;
}

export function problemPage(problem: PageProblem, view: View): Html {
  const { title, text } = view.words.problems[problem.kind];
  const { code, message: reason } = problem;
  const body = html`${code === undefined ? html`<p>${text} ${view.meshText(shortened(reason), 'page')}</p>` : missingShown('page', { code, reason }, view)}
  ${
    problem.choices.length === 0
      ? ''
      : html`<p>${view.words.thereIs}</p>
          <ul>
            ${problem.choices.map(({ name, path }) => html`<li><a href="${kept(path, view)}">${choiceName(name, view)}</a></li>`)}
          </ul>`
  }
  ${problem.kind === 'stale-form' ? html`<p>${view.words.stale}</p>` : ''}`;
  return page({ title: `${title} (${STATUS[problem.kind]})`, body, pace: undefined }, view);
}

/** The name of a thing, a command or a screen, which has no language of its own, or what there is of a thing. */
const choiceName = (name: string, { asked }: View): Html =>
  named((asked.language === 'fr' ? inFrench(name, 'page') : undefined) ?? name);

/** A choice may name a query of its own; a language that was chosen by hand stays chosen. */
function kept(path: string, view: View): string {
  const [plain = '', query = ''] = path.split('?');
  return view.path(plain, Object.fromEntries(new URLSearchParams(query)));
}
