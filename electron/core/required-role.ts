import { roles } from '../api/operations';
import type { Role } from '../api/operations';
import { problem } from './problem';

/** Throws ROLE_TOO_LOW. @param what the operation, as the problem names it */
export function requireRole(role: Role, needed: Role, what: string): void {
  if (roles.indexOf(role) >= roles.indexOf(needed)) return;
  throw problem('ROLE_TOO_LOW', {
    title: `${what} needs the role ${needed}.`,
    detail: `You are signed in as ${role}.`,
    hint: `Ask someone with the role ${needed}.`,
  });
}
