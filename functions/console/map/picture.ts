// The picture of the map: boxes that link to their screens, and lines whose dashes say what passes along them.
import { html, type Html } from '../../../shared/page/html.ts';
import type { Flow } from '../../../shared/functions/described.ts';
import { BOX, type Placed } from './placed.ts';

export interface Drawn {
  readonly placed: Placed;
  readonly label: string;
  readonly linkOf: (id: string) => string;
  readonly kindOf: (kind: Placed['boxes'][number]['node']['kind']) => string;
  readonly flowOf: (flow: Flow) => string;
}

const LINE_HEIGHT = 14;

/** No attribute of style: what a policy for pages forbids is in the style sheet, by classes. */
export function picture({ placed, label, linkOf, kindOf, flowOf }: Drawn): Html {
  const { width, height, boxes, lines } = placed;
  return html`<div class="map" tabindex="0" role="group" aria-label="${label}">
    <svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path class="tip" d="M0,0 L8,4 L0,8 z" />
        </marker>
      </defs>
      ${lines.map(
        ({ edge, path }) =>
          html`<path class="flow ${edge.flow}" d="${path}" marker-end="url(#tip)">
            <title>${edge.from} ${flowOf(edge.flow)} ${edge.to}</title>
          </path>`,
      )}
      ${boxes.map(
        ({ node, x, y, lines: texts }) =>
          html`<a href="${linkOf(node.id)}" class="node ${node.kind}">
            <rect
              x="${x}"
              y="${y}"
              width="${BOX.width}"
              height="${BOX.height}"
              rx="${ROUND[node.kind] ?? 4}"
            />
            <text x="${x + 8}" y="${y + 12}" class="kind">${kindOf(node.kind)}</text>
            ${texts.map(
              (text, at) => html`<text x="${x + 8}" y="${y + 26 + at * (LINE_HEIGHT - 1)}">${text}</text>`,
            )}
          </a>`,
      )}
    </svg>
  </div>`;
}

/** The form of a box also says what it is. */
const ROUND: Readonly<Record<string, number>> = { function: 4, topic: 22, job: 0, bucket: 12, dataset: 12 };
