import { neededToCancel, operations, roles } from '../../electron/api/operations';
import type { OperationName, Role } from '../../electron/api/operations';
import { useClient } from './context';

/** The console role of whoever is signed in; the desktop app is its owner's. */
export const useRole = (): Role => useClient().role;

export interface Permission {
  readonly may: boolean;
  /** Why not, for a button's `refusal`; undefined where it may. */
  readonly refusal: string | undefined;
}

/** Whether the core would take an operation from whoever is signed in, known before it is asked. */
export const permissionOf = (role: Role, operation: OperationName): Permission =>
  permission(role, operations[operation].role);

function permission(role: Role, needed: Role): Permission {
  const may = roles.indexOf(role) >= roles.indexOf(needed);
  return { may, refusal: may ? undefined : `This needs the role ${needed}. You are signed in as ${role}.` };
}

export const useMay = (operation: OperationName): Permission => permissionOf(useRole(), operation);

export const useMayCancel = ({ operation }: { readonly operation: string }): Permission =>
  permission(useRole(), neededToCancel(operation));
