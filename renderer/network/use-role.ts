import type { Role } from '../../electron/api/operations';
import { useOperation } from '../client/use-operation';

/** Lowest first: each may do what the ones before it may. */
const ranks: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Who is signed in. Asked once: it stays as long as the session. */
export const useSession = () => useOperation('session.show', {});

/**
 * Why whoever is signed in may not do what needs `needed`; undefined where they may. Shown beside what is disabled
 * because of it. While nobody has answered yet, nothing is disabled.
 */
export function useRefusal(needed: Role): string | undefined {
  const role = useSession().data?.role;
  if (role === undefined || ranks.indexOf(role) >= ranks.indexOf(needed)) return undefined;
  return `This needs the role ${needed}; you are signed in as ${role}.`;
}
