// The figures of docs/COST.md on the screen Cost: months, a run, requests, a tab of this console, and every price.
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { dollars } from '../money.ts';
import type { Figures } from '../reading/figures.ts';
import type { View } from '../view.ts';
import { COST_WORDS } from '../words/cost.ts';

export function figuresShown(figures: Figures, view: View): Html {
  const words = view.say(COST_WORDS);
  const { tab } = figures;
  return html`<h2>${words.month}</h2>
    <p>${words.intro(figures.readOn)}</p>
    ${months(figures, view)} ${services(figures, view)}
    <h2>${words.oneRun}</h2>
    ${run(figures, view)}
    <h2>${words.requests}</h2>
    ${requests(figures, view)}
    <h2>${words.console}</h2>
    <p>${words.tab(tab.hours, tab.days, dollars(tab.whole, view.asked.language))}</p>
    ${prices(figures, view)}
    <p>${words.more}</p>`;
}

function months({ months: all }: Figures, view: View): Html {
  const words = view.say(COST_WORDS);
  const money = (amount: number) => cents(amount, view);
  return table<Figures['months'][number]>(
    [
      { head: words.what, kind: 'name', cell: ({ id }) => words.months[id] },
      { head: words.charged, cell: ({ charged }) => money(charged) },
      { head: words.whole, cell: ({ whole }) => money(whole) },
      { head: words.perPipeline, cell: ({ whole, pipelines }) => money(whole / pipelines) },
    ],
    all,
  );
}

/** Sums of a month: a hundredth of a cent in them says nothing. */
const cents = (amount: number, view: View): string =>
  dollars(Math.round(amount * 100) / 100, view.asked.language);

function services({ months: all }: Figures, view: View): Html {
  const words = view.say(COST_WORDS);
  const names = [...new Set(all.flatMap(({ byService }) => byService.map(({ service }) => service)))];
  const amountOf = (service: string, of: Figures['months'][number]) =>
    of.byService.find((each) => each.service === service)?.dollars ?? 0;
  return html`<h3>${words.byService}</h3>
    ${table<string>(
      [
        { head: words.service, kind: 'name', cell: (service) => words.services[service] ?? service },
        ...all.map((month) => ({
          head: words.months[month.id],
          cell: (service: string) => cents(amountOf(service, month), view),
        })),
      ],
      names,
    )}`;
}

function run({ run: measured }: Figures, view: View): Html {
  const words = view.say(COST_WORDS);
  const { seconds, billedSeconds, vcpu, gib, jobDollars, functionSeconds, functionDollars } = measured;
  const { number } = view;
  const money = (amount: number) => dollars(amount, view.asked.language);
  return table<readonly [string, string]>(
    [
      { head: words.what, kind: 'name', cell: ([what]) => what },
      { head: words.whole, cell: ([, amount]) => amount },
    ],
    [
      [words.runJob(number(seconds), number(billedSeconds), number(vcpu), number(gib)), money(jobDollars)],
      [words.runFunctions(view.number(Math.round(functionSeconds))), money(functionDollars)],
    ],
  );
}

function requests({ requests: all }: Figures, view: View): Html {
  const words = view.say(COST_WORDS);
  return table<Figures['requests'][number]>(
    [
      { head: words.what, kind: 'name', cell: ({ id }) => words.cases[id] },
      { head: words.charged, cell: ({ charged }) => cents(charged, view) },
      { head: words.whole, cell: ({ whole }) => cents(whole, view) },
    ],
    all,
  );
}

function prices({ prices: all, months: of }: Figures, view: View): Html {
  const words = view.say(COST_WORDS);
  type Price = (typeof all)[number];
  return html`<details>
    <summary>${words.counted}</summary>
    ${table<Price>(
      [
        {
          head: words.unit,
          kind: 'name',
          cell: ({ unit, source, isCited, isLeftOut }) =>
            html`<span
              ><a href="${source}" rel="noreferrer" lang="en">${unit}</a>
              ${isCited ? html`<br />${words.cited}` : ''}
              ${isLeftOut ? html`<br />${words.leftOut}` : ''}</span
            >`,
        },
        { head: words.price, cell: ({ dollars: each }) => priceText(each, view) },
        { head: words.free, cell: ({ free }) => (free === 0 ? '' : view.number(free)) },
        ...of.map(({ id }) => ({
          head: words.months[id],
          cell: ({ amounts }: Price) => view.number(amounts[id]),
        })),
      ],
      all,
    )}
  </details>`;
}

/** As it is for one, or for a thousand or a million of what is cheap. */
function priceText(each: number, view: View): string {
  const money = (amount: number) => dollars(amount, view.asked.language);
  if (each >= 0.001) return money(each);
  return each >= 0.000_001
    ? `${money(each * 1000)} / ${view.number(1000)}`
    : `${money(each * 1_000_000)} / ${view.number(1_000_000)}`;
}
