import type { ConsoleClient } from '../../electron/api/client';
import type { Role } from '../../electron/api/operations';
import type { Problem } from '../../electron/api/problems';

/** How a client stands with the core. Times are milliseconds of the wall clock. */
export type ConnectionState =
  /** For the first time. Calls wait. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly since: number }
  /** Calls fail at once with the problem; streams go on when the connection is back. */
  | {
      readonly kind: 'lost';
      readonly since: number;
      readonly retryAt: number;
      readonly attempt: number;
      readonly problem: Problem;
    }
  /** Only signing in again helps. */
  | { readonly kind: 'signed-out'; readonly problem: Problem }
  | { readonly kind: 'closed' };

/** A client that knows how fresh what it shows is. */
export interface ObservedClient extends ConsoleClient {
  readonly state: ConnectionState;
  /** What whoever is signed in may do. The core decides; this is for showing early what it would refuse. */
  readonly role: Role;
  /** When anything last came from the core, milliseconds of the wall clock; 0: nothing yet. */
  readonly lastHeard: number;
  /** Calls back after each change of `state`; the answer ends that. */
  onStateChange(listener: () => void): () => void;
  /** Connects now instead of at `retryAt`, also after signing in again. */
  retryNow(): void;
}
