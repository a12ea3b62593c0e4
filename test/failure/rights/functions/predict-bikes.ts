// The work of predict-bikes, as each service is deployed, that its rights are there for.
import { resourceNameOf } from '../../../../infra/identities.ts';
import { DAYS, record, timeAt } from '../../../mesh/bikes/counters.ts';
import { ANALYST, type Answered, type Service } from '../../../mesh/bikes/start-bikes.ts';
import type { ServicesSetup } from '../services-setup.ts';
import { isWell, type Work } from '../work.ts';
import { traced } from '../works.ts';

type ServiceWork = Work<ServicesSetup>;

const QUESTION = { records: [record('counter 1', timeAt(DAYS, 8))] };

const textOf = ({ status, body }: Answered): string => `${status} ${JSON.stringify(body)}`;
const isDone = ({ status }: Answered): boolean => isWell({ status, text: '' });

const answering = (service: Service): ServiceWork => ({
  what: `${service} answers a caller that the stack names`,
  needs: [`bikes-${service}-user:${ANALYST}-invoker`],
  async attempt({ mesh }) {
    const answer = await mesh.ask(service, 'POST /predict', { body: QUESTION });
    return { isDone: isDone(answer), message: textOf(answer) };
  },
});

const following = (service: Service): ServiceWork => ({
  what: `${service} reads the pointer of its model and loads what it names`,
  needs: [`${resourceNameOf(`bikes-${service}`)}-follows-bikes`],
  async attempt({ mesh, movePointer }) {
    await movePointer(service);
    const answer = await mesh.ask(service, 'POST /refresh_model');
    return { isDone: isDone(answer) && answer.body['changed'] === true, message: textOf(answer) };
  },
});

export const worksOf = (service: Service): readonly ServiceWork[] => [
  answering(service),
  following(service),
  traced(following(service), `bikes-${service}`, `${resourceNameOf(`bikes-${service}`)}-traces`),
];
