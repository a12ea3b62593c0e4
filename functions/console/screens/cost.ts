// Cost: what runs have cost, what a month of the mesh is computed to cost, and the prices behind it.
import { commandLine } from '../../../shared/command-line.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { PRICES } from '../../../shared/requests/prices.ts';
import { dollars } from '../money.ts';
import { pageIn, paged, pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { PIPELINES_A_PAGE, readActuals, type Actual, type ActualsOf } from '../reading/actuals.ts';
import { readFigures, type Figures } from '../reading/figures.ts';
import { isMissing, wholeOf } from '../reading/part.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { COST_WORDS } from '../words/cost.ts';
import { MISSING } from '../words/missing.ts';
import { SCREENS } from '../words/screens.ts';
import { figuresShown } from './figures.ts';
import { missingShown } from '../missing.ts';

interface Cost {
  readonly pricesOfJobs: string;
  readonly actuals: readonly ActualsOf[];
  readonly page: number;
  readonly pages: number;
  /** The one whose executions are shown one by one. */
  readonly pipeline: string | null;
  readonly figures: Figures;
  readonly bucket: string;
}

async function read(asked: Asked, ports: Ports): Promise<Cost> {
  const chosen = asked.query.get('pipeline') || null;
  if (chosen !== null && !ports.pipelines.has(chosen))
    throw new PageProblem(
      'not-found',
      `pipeline ${chosen}`,
      [...ports.pipelines.keys()].map((name) => ({ name, path: `/cost?pipeline=${name}` })),
    );
  const all = [...ports.pipelines.values()].filter(({ name }) => chosen === null || name === chosen);
  const { items, page, pages } = paged(all, pageIn(asked, 'page'), PIPELINES_A_PAGE);
  const actuals = await readActuals(items, ports);
  if (chosen !== null) for (const { executions } of actuals) wholeOf(executions);
  return {
    ...{ pricesOfJobs: PRICES.date, actuals },
    ...{ page, pages, pipeline: chosen },
    figures: await readFigures(),
    bucket: ports.runs.bucket,
  };
}

export const cost = screen<Cost>({
  read,
  title: ({ pipeline }, view) =>
    pipeline === null ? view.say(SCREENS.cost) : `${view.say(SCREENS.cost)}${view.words.colon}${pipeline}`,
  body: (data, view) => {
    const words = view.say(COST_WORDS);
    const { pages, page, pipeline } = data;
    return html`<h2>${words.actuals}</h2>
      <p>${words.actualsNote(data.pricesOfJobs)}</p>
      ${actualsShown(data, view)}
      ${pagesShown({ page, pages }, { name: 'page', label: words.actuals, to: '/cost' }, view)}
      ${pipeline === null ? '' : executionsShown(data.actuals[0], pipeline, view)}
      ${pipeline === null ? figuresShown(data.figures, view) : html`<p>${view.link('/cost', words.month)}</p>`}`;
  },
});

const known = ({ executions }: ActualsOf): readonly Actual[] => (isMissing(executions) ? [] : executions);

const sumOf = (executions: readonly Actual[]): number =>
  executions.reduce((sum, { cost: each }) => sum + each, 0);

function actualsShown({ actuals, bucket }: Cost, view: View): Html {
  const words = view.say(COST_WORDS);
  const money = (amount: number) => dollars(amount, view.asked.language);
  const [first] = actuals;
  const unread = actuals.flatMap(({ pipeline, executions }) =>
    isMissing(executions) ? [{ pipeline, problem: executions.problem }] : [],
  );
  return html`${unread.map(
    ({ pipeline, problem }) =>
      html`<h3>${pipeline}</h3>
        ${missingShown('executions', problem, view)}`,
  )}
  ${table<ActualsOf>(
    [
      {
        head: words.pipeline,
        kind: 'name',
        cell: ({ pipeline }) => view.link('/cost', pipeline, { pipeline }),
      },
      {
        head: words.size,
        kind: 'name',
        cell: ({ size: { cpu, memory } }) => words.sizeOf(cpu, memory),
      },
      {
        head: words.executions,
        cell: ({ executions }) =>
          isMissing(executions)
            ? view.say(MISSING).unknown
            : executions.length === 0
              ? words.noActual
              : view.number(executions.length),
      },
      {
        head: words.mean,
        cell: (each) => {
          const executions = known(each);
          const seconds = executions.reduce((sum, one) => sum + one.seconds, 0);
          return executions.length === 0 ? '' : view.number(Math.round(seconds / executions.length));
        },
      },
      {
        head: words.last,
        cell: (each) => {
          const [last] = known(each);
          return last === undefined ? '' : money(last.cost);
        },
      },
      {
        head: words.sum,
        cell: (each) => (known(each).length === 0 ? '' : money(sumOf(known(each)))),
      },
    ],
    actuals,
  )}
  ${
    first === undefined
      ? ''
      : why(
          {
            objects: actuals.map(({ pipeline }) => `gs://${bucket}/${pipeline}/`),
            line: commandLine(first.pipeline, 'runs'),
          },
          view,
        )
  }`;
}

function executionsShown(actuals: ActualsOf | undefined, pipeline: string, view: View): Html {
  const words = view.say(COST_WORDS);
  const { labels } = view.words;
  if (actuals === undefined || known(actuals).length === 0) return NOTHING;
  return html`<h2>${words.each}</h2>
    ${table<Actual>(
      [
        {
          head: words.run,
          kind: 'name',
          cell: ({ run }) => (run === null ? '' : view.link(`/p/${pipeline}/runs/${run}`, run)),
        },
        {
          head: labels.attempt,
          cell: ({ attempt }) => (attempt === null ? '' : String(attempt)),
        },
        { head: words.ended, kind: 'name', cell: ({ endedAt }) => view.utc(endedAt) },
        { head: words.seconds, cell: ({ seconds }) => view.number(seconds) },
        { head: words.cost, cell: ({ cost: each }) => dollars(each, view.asked.language) },
      ],
      known(actuals),
    )}`;
}
