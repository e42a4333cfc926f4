import { roles } from '../../electron/api/operations';
import type { Role } from '../../electron/api/operations';
import { useRole } from '../client/use-role';

/** Why whoever is signed in may not do what needs `needed`; undefined where they may. */
export function useRefusal(needed: Role): string | undefined {
  const role = useRole();
  if (roles.indexOf(role) >= roles.indexOf(needed)) return undefined;
  return `This needs the role ${needed}. You are signed in as ${role}.`;
}
