import { operations, roles } from '../../electron/api/operations';
import type { OperationName, Role } from '../../electron/api/operations';
import { useClient } from './context';

/** What whoever is signed in may do. */
export const useRole = (): Role => useClient().role;

export const mayCall = (role: Role, name: OperationName): boolean =>
  roles.indexOf(role) >= roles.indexOf(operations[name].role);

/** Why an operation would be refused to whoever is signed in, in words to stand beside its button; undefined: it would not. */
export function useRefusal(name: OperationName): string | undefined {
  const role = useRole();
  return mayCall(role, name) ? undefined : refusalOf(role, name);
}

const articles: Record<Role, string> = { viewer: 'a viewer', operator: 'an operator', admin: 'an admin' };

export const refusalOf = (role: Role, name: OperationName): string =>
  `Only ${articles[operations[name].role]} may do this. You are signed in as ${articles[role]}.`;
