import { operations } from '../../electron/api/operations';
import { roles } from '../../electron/api/operations';
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
export function permissionOf(role: Role, operation: OperationName): Permission {
  const needed = operations[operation].role;
  const may = roles.indexOf(role) >= roles.indexOf(needed);
  return { may, refusal: may ? undefined : `This needs the role ${needed}. You are signed in as ${role}.` };
}

export const useMay = (operation: OperationName): Permission => permissionOf(useRole(), operation);
