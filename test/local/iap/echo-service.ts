// A service that answers with the request that it received.
import { http } from '@google-cloud/functions-framework';

http('shown', (request, response) => {
  response.json({ url: request.url, headers: request.headers });
});
