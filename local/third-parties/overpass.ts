// The interpreter of Overpass, for one form of query: ways and relations by tag in a box, with their geometry, as JSON.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { readWhole } from '../http/bodies.ts';
import { notImplemented } from '../http/errors.ts';
import type { Files } from './files.ts';

const PATH = '/third-parties/overpass/api/interpreter';
const MOST_QUERY_BYTES = 1_048_576;
const QUERY = /^\[out:json\]\[timeout:\d+\]\[maxsize:\d+\];\((.*)\);out body geom;$/s;
const STATEMENT = /(way|relation)\["([^"]+)"(?:(=|~)"([^"]+)")?\]\(([-\d.,e]+)\);/gy;

interface Place {
  readonly lat: number;
  readonly lon: number;
}

interface Element {
  readonly type: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly geometry?: readonly Place[];
  readonly members?: readonly { readonly geometry?: readonly Place[] }[];
}

type Chosen = (element: Element) => boolean;

export function overpassRoutes(app: FastifyInstance, files: Files): void {
  app.post(PATH, async (request, reply) => {
    // Programs without a name of their own are refused.
    const agent = request.headers['user-agent'] ?? '';
    if (agent === '' || /^(node|undici|curl|python)/i.test(agent)) return page(reply, 406, 'Not Acceptable');
    const body = await readWhole(request.body as IncomingMessage, MOST_QUERY_BYTES);
    const query = new URLSearchParams(body.toString('utf8')).get('data');
    if (query === null) return page(reply, 400, 'encoding error: Your input contains only whitespace.');
    const chosen = statementsOf(query);
    const elements = (files.json('overpass', 'elements.json') ?? []) as readonly Element[];
    return {
      version: 0.6,
      generator: 'Overpass API stand-in',
      osm3s: { copyright: 'The data is made available under ODbL.' },
      elements: elements.filter((element) => chosen.some((fits) => fits(element))),
    };
  });
}

const page = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type('text/html').send(`<html><body><p>Error: ${text}</p></body></html>`);

/** Throws 501, with the query, for any other form. */
function statementsOf(query: string): readonly Chosen[] {
  const [, body] = QUERY.exec(query) ?? [];
  const statements: Chosen[] = [];
  let end = 0;
  for (const match of body?.matchAll(STATEMENT) ?? []) {
    end = match.index + match[0].length;
    const [, type, key = '', operator, value = '', box = ''] = match;
    const pattern = operator === '~' ? new RegExp(value) : undefined;
    const sides = box.split(',').map(Number);
    statements.push((element) => {
      const own = element.tags?.[key];
      if (element.type !== type || own === undefined) return false;
      if (operator === '=' && own !== value) return false;
      return (pattern?.test(own) ?? true) && placesOf(element).some((place) => isWithin(place, sides));
    });
  }
  if (body === undefined || end !== body.length) throw notImplemented(`the query ${query.slice(0, 200)}`);
  return statements;
}

const placesOf = ({ geometry = [], members = [] }: Element): readonly Place[] => [
  ...geometry,
  ...members.flatMap((member) => member.geometry ?? []),
];

/** South, west, north, east. */
const isWithin = ({ lat, lon }: Place, sides: readonly number[]): boolean =>
  lat >= sides[0]! && lon >= sides[1]! && lat <= sides[2]! && lon <= sides[3]!;
