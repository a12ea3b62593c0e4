// `sluice audit`: who ordered what, when and why, and what came of it.
import type { Order } from '../../shared/orders/order.ts';
import * as commands from '../commands.ts';
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

const WIDTHS = [26, 24, 10, 17, 30, 50];

export const audit: Verb = ({ program, on, showRows }) =>
  void program
    .command('audit')
    .description('the orders for the pipeline and for dead letters, newest first: who, when, what, why')
    .option('--count <n>', 'how many', howMany, 20)
    .action(({ count }: { count: number }) =>
      on(false, async (target, pipeline) => {
        const entries = await commands.audit(target, pipeline, count);
        const rows = entries.map(({ order, by, at, ended }) => ({
          at,
          by,
          verb: order.verb,
          of: subjectOf(order),
          reason: order.reason,
          'what came of it':
            ended === undefined
              ? `not finished: give it again with --order ${order.id}`
              : `${ended.result}: ${ended.said}`,
        }));
        showRows(rows, 'Nobody has ordered anything yet.', WIDTHS);
      }),
    );

function subjectOf(order: Order): readonly string[] {
  if ('letters' in order) return [order.subscription, ...order.letters];
  return 'run' in order ? [order.run] : [];
}
