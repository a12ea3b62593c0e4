// Rights: who may do what. Each role of people, and each identity with its grants, why it has them, and the test that misses one.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { DescribedGrant } from '../../../shared/functions/described.ts';
import { choosing, select } from '../fields.ts';
import { pageIn, paged, pagesShown, type Paged } from '../pages.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { readDeployment } from '../reading/deployment.ts';
import { rolesOf, type RoleShown } from '../reading/people.ts';
import { screen } from '../screen.ts';
import { named, type View } from '../view.ts';
import { RIGHTS_WORDS } from '../words/rights.ts';
import { SCREENS } from '../words/screens.ts';

interface Identity {
  readonly name: string;
  /** Of a function. */
  readonly purpose: string | null;
  readonly grants: readonly DescribedGrant[];
}

interface Rights {
  readonly roles: readonly RoleShown[];
  readonly identity: string | null;
  readonly names: readonly string[];
  readonly identities: Paged<Identity>;
}

const IDENTITIES_A_PAGE = 8;

async function read(asked: Asked, ports: Ports): Promise<Rights> {
  const { grants, nodes } = await readDeployment(ports);
  const byIdentity = Map.groupBy(grants, ({ identity }) => identity);
  const identity = asked.query.get('identity') || null;
  if (identity !== null && !byIdentity.has(identity))
    throw new PageProblem('not-found', `identity ${identity}`, [{ name: '/rights', path: '/rights' }]);
  const purposeOf = new Map(
    nodes.filter(({ kind }) => kind === 'function').map(({ name, purpose }) => [`sluice-${name}`, purpose]),
  );
  const all = [...byIdentity]
    .filter(([name]) => identity === null || name === identity)
    .map(([name, own]): Identity => ({ name, purpose: purposeOf.get(name) ?? null, grants: own }));
  return {
    roles: identity === null ? rolesOf(ports, asked.isOperator) : [],
    identity,
    names: [...byIdentity.keys()],
    identities: paged(all, pageIn(asked, 'page'), IDENTITIES_A_PAGE),
  };
}

export const rights = screen<Rights>({
  read,
  title: ({ identity }, view) =>
    identity === null
      ? view.say(SCREENS.rights)
      : `${view.say(SCREENS.rights)}${view.words.colon}${identity}`,
  body: (data, view) => {
    const words = view.say(RIGHTS_WORDS);
    const { identities, identity } = data;
    return html`<p>${words.intro}</p>
      ${identities.page === 1 ? people(data, view) : ''}
      <h2>${words.identities}</h2>
      <p>${words.whyNote}</p>
      ${chooser(data, view)} ${identities.items.map((each) => identityShown(each, view))}
      ${pagesShown(identities, { name: 'page', label: words.identities, to: '/rights', kept: { identity: identity ?? undefined } }, view)}
      <p>${words.written}</p>`;
  },
});

function people({ roles }: Rights, view: View): Html {
  const words = view.say(RIGHTS_WORDS);
  if (roles.length === 0) return NOTHING;
  return html`<h2>${words.people}</h2>
    <p>${words.peopleNote(view.asked.isOperator)}</p>
    ${table<RoleShown>(
      [
        {
          head: words.role,
          kind: 'name',
          cell: ({ role, pipeline }) =>
            html`<span
              >${words.roles[role].name}
              ${pipeline === null ? '' : view.link(`/p/${pipeline}`, pipeline)}</span
            >`,
        },
        { head: words.may, kind: 'name', cell: ({ role }) => words.roles[role].may },
        { head: words.who, kind: 'name', cell: (row) => who(row, view) },
        { head: words.setting, kind: 'name', cell: ({ setting }) => html`<code>${setting}</code>` },
      ],
      roles,
    )}`;
}

function who({ who: members, count }: RoleShown, view: View): string | Html {
  const words = view.say(RIGHTS_WORDS);
  if (count === undefined) return words.inStack;
  if (count.addresses + count.others === 0) return words.noOne;
  if (members === null) return words.counted(count.addresses, count.others);
  const left = count.addresses + count.others - members.length;
  return html`<span
    >${members.map((member, at) => html`${at === 0 ? '' : ', '}${named(member)}`)}
    ${left > 0 ? `+ ${left}` : ''}</span
  >`;
}

function chooser({ names, identity }: Rights, view: View): Html {
  const words = view.say(RIGHTS_WORDS);
  const options = names.map((name) => ({ value: name, text: name }));
  return choosing(select('identity', words.identity, options, identity, words.all), view.words.filter, view);
}

function identityShown({ name, purpose, grants }: Identity, view: View): Html {
  const words = view.say(RIGHTS_WORDS);
  return html`<h3>${view.link('/rights', name, { identity: name })}</h3>
    ${purpose === null ? '' : html`<p lang="en">${purpose}.</p>`}
    ${table<DescribedGrant>(
      [
        { head: words.grant, kind: 'name', cell: ({ role }) => html`<code>${role}</code>` },
        { head: words.on, kind: 'name', cell: ({ on }) => inEnglish(on) },
        { head: words.only, kind: 'name', cell: ({ only }) => inEnglish(only) },
        {
          head: words.why,
          kind: 'name',
          cell: ({ tried }) => inEnglish(tried?.work),
        },
        {
          head: words.test,
          kind: 'name',
          cell: ({ tried }) => (tried === null ? words.untested : html`<code>${tried.test}</code>`),
        },
      ],
      grants,
    )}`;
}

/** As the infra program and the tests describe it. */
const inEnglish = (text: string | null | undefined): Html | string =>
  text === null || text === undefined || text === '' ? '' : html`<span lang="en">${text}</span>`;
