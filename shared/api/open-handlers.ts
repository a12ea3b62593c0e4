// What both functions answer without a token: their health, and the OpenAPI document.
import { answered } from '../http/call.ts';
import type { RequestsPipeline } from '../pipelines/pipeline.ts';
import { open, type Handlers } from './asked.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiFunction } from './routes.ts';

/** The document is made when it is first asked for, and kept. */
export function openHandlers(
  name: ApiFunction,
  pipelines: readonly RequestsPipeline[],
): Pick<Handlers, 'getHealth' | 'getDocument'> {
  let document: object | undefined;
  const names = pipelines.map((pipeline) => pipeline.name);
  return {
    getHealth: open(() => answered({ status: 'ok', function: name, pipelines: names })),
    getDocument: open(() => {
      document ??= openApiDocument();
      return answered(document, 200, { 'cache-control': 'public, max-age=300' });
    }),
  };
}
