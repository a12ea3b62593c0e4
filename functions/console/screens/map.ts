// Map: the parts of the mesh and what passes between them, as the infra program deploys them; as a picture and as a list.
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { Described, DescribedNode } from '../../../shared/functions/described.ts';
import { choosing, select } from '../fields.ts';
import { around, bounded, overview } from '../map/overview.ts';
import { picture } from '../map/picture.ts';
import { placed } from '../map/placed.ts';
import { pageIn, paged, pagesShown, type Paged } from '../pages.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { deployedOf, readDeployment } from '../reading/deployment.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { MAP_WORDS } from '../words/map.ts';
import { SCREENS } from '../words/screens.ts';

interface Map {
  /** The node that is shown with all it touches; null: what moves a run. */
  readonly of: string | null;
  readonly pipeline: string | null;
  readonly pipelines: readonly string[];
  readonly nodes: Paged<DescribedNode>;
  readonly edges: Described['edges'];
  /** What the picture has of it. */
  readonly drawn: ReturnType<typeof bounded>;
}

const NODES_A_PAGE = 60;

async function read(asked: Asked, ports: Ports): Promise<Map> {
  const pipeline = asked.query.get('pipeline') || null;
  const pipelines = [...ports.pipelines.keys()];
  if (pipeline !== null && !ports.pipelines.has(pipeline))
    throw new PageProblem(
      'not-found',
      `pipeline ${pipeline}`,
      pipelines.map((name) => ({ name, path: `/map?pipeline=${name}` })),
    );
  const whole = await readDeployment(ports);
  const deployed = pipeline === null ? whole : deployedOf(whole, new Set([pipeline]));
  const of = asked.query.get('of') || null;
  if (of !== null && !deployed.nodes.some(({ id }) => id === of))
    throw new PageProblem('not-found', `part ${of}`, [{ name: '/map', path: '/map' }]);
  const { nodes, edges } = of === null ? deployed : around(deployed, of);
  const page = paged(nodes, pageIn(asked, 'page'), NODES_A_PAGE);
  const ids = new Set(page.items.map(({ id }) => id));
  return {
    ...{ of, pipeline, pipelines, nodes: page },
    edges: edges.filter(({ from, to }) => ids.has(from) || ids.has(to)),
    drawn: bounded(of === null ? overview(deployed) : { nodes, edges }),
  };
}

export const map = screen<Map>({
  read,
  title: ({ of }, view) =>
    of === null ? view.say(SCREENS.map) : `${view.say(SCREENS.map)}${view.words.colon}${of}`,
  body: (data, view) => {
    const words = view.say(MAP_WORDS);
    return html`<p>${data.of === null ? words.intro : words.around(data.of)}</p>
      ${data.of === null ? chooser(data, view) : html`<p>${view.link('/map', words.whole)}</p>`}
      ${data.drawn.isPart ? html`<p class="notice">${words.isPart}</p>` : ''} ${drawing(data, view)}
      <p>${words.legend}</p>
      <details>
        <summary>${words.list(data.nodes.count)}</summary>
        ${list(data, view)}
      </details>
      <p>${words.written}</p>`;
  },
});

/** The map of one pipeline has its own source and job, and what all pipelines share. */
function chooser({ pipeline, pipelines }: Map, view: View): Html {
  const words = view.say(MAP_WORDS);
  const options = pipelines.map((each) => ({ value: each, text: each }));
  return choosing(select('pipeline', words.of, options, pipeline, words.ofAll), view.words.filter, view);
}

function drawing({ drawn }: Map, view: View): Html {
  const words = view.say(MAP_WORDS);
  return picture({
    placed: placed(drawn.nodes, drawn.edges),
    label: words.scroll,
    linkOf: (id) => view.path('/map', { of: id }),
    kindOf: (kind) => words.kinds[kind],
    flowOf: (flow) => words.flows[flow],
  });
}

function list({ nodes, edges, of, pipeline }: Map, view: View): Html {
  const words = view.say(MAP_WORDS);
  const nameOf = (id: string): string => id.slice(id.indexOf(' ') + 1);
  return html`${table<DescribedNode>(
    [
      {
        head: words.name,
        kind: 'name',
        cell: ({ id, name }) => view.link('/map', name, { of: id }),
      },
      { head: words.kind, kind: 'name', cell: ({ kind }) => words.kinds[kind] },
      { head: words.purpose, kind: 'name', cell: ({ purpose }) => html`<span lang="en">${purpose}</span>` },
      {
        head: words.from,
        kind: 'name',
        cell: ({ id }) =>
          sentences(
            edges
              .filter(({ to }) => to === id)
              .map(({ from, flow }) => `${nameOf(from)} ${words.flows[flow]}`),
          ),
      },
      {
        head: words.to,
        kind: 'name',
        cell: ({ id }) =>
          sentences(
            edges
              .filter(({ from }) => from === id)
              .map(({ to, flow }) => `${words.flows[flow]} ${nameOf(to)}`),
          ),
      },
      { head: words.readme, kind: 'name', cell: (node) => more(node, view) },
    ],
    nodes.items,
  )}
  ${pagesShown(nodes, { name: 'page', label: words.name, to: '/map', kept: { of: of ?? undefined, pipeline: pipeline ?? undefined } }, view)}`;
}

const MOST_SAID = 20;
const sentences = (all: readonly string[]): string =>
  all.slice(0, MOST_SAID).join('; ') + (all.length > MOST_SAID ? `; + ${all.length - MOST_SAID}` : '');

/** Its screen, its rights, and the page of the repository that says how it works. */
function more({ kind, name, folder, pipelines }: DescribedNode, view: View): Html {
  const words = view.say(MAP_WORDS);
  const rights =
    kind === 'function' ? view.link('/rights', words.rights, { identity: `sluice-${name}` }) : '';
  const [pipeline] = kind === 'source' || kind === 'job' ? [pipelineOf(name, pipelines)] : [];
  return html`<span
    >${rights} ${pipeline === undefined ? '' : view.link(`/p/${pipeline}`, pipeline)}
    ${folder === null ? '' : html`<code>${folder}/</code>`}</span
  >`;
}

/** A source is named as its pipeline, a job begins with the name of its pipeline. */
const pipelineOf = (name: string, pipelines: readonly string[] | null): string | undefined =>
  (pipelines ?? [])
    .filter((pipeline) => name === pipeline || name.startsWith(`${pipeline}-`))
    .toSorted((one, other) => other.length - one.length)[0];
