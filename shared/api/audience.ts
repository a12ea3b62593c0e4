// Whom a Google token must be for: the API's own name, so that one token serves both of its functions.
export const API_AUDIENCE = 'sluice-requests';
