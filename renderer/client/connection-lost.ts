import type { Problem } from '../../electron/api/problems';

/** The connection to the service is not there. */
export const connectionLost = (detail: string): Problem => ({
  code: 'CONNECTION_LOST',
  title: 'The connection to the console’s service is lost.',
  detail,
  hint: 'It is tried again by itself. If that goes on, look where `cityflow serve` runs.',
  retryable: true,
  sources: [],
});
