import type { ImportCheck } from '../../api/identity-models';
import type { ProblemCode } from '../../api/problems';

/** A check with the code that an import which fails by it ends with. */
export interface Finding extends ImportCheck {
  readonly code?: ProblemCode;
}

export const failed = (
  check: ImportCheck['check'],
  code: ProblemCode,
  title: string,
  detail: string,
  hint: string,
): Finding => ({ check, outcome: 'failed', code, title, detail, hint });
export const passed = (check: ImportCheck['check'], title: string, detail = ''): Finding => ({
  check,
  outcome: 'passed',
  title,
  detail,
  hint: '',
});
export const skipped = (check: ImportCheck['check'], title: string): Finding => ({
  check,
  outcome: 'skipped',
  title,
  detail: '',
  hint: '',
});
