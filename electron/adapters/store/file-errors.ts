const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
export const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST';

/** The same error; it says of which file, which those of writing do not. */
export const ofFile = (error: unknown, file: string): unknown =>
  error instanceof Error ? Object.assign(error, { path: file }) : error;
