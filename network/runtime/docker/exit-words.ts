interface Exit {
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
  /** What the engine could not do. */
  readonly Error: string;
}

/** Codes with which the engine itself says why (docker run, "Exit status"). */
const engineCodes: Readonly<Record<number, string>> = {
  125: 'the engine could not run it',
  126: 'its program cannot be run',
  127: 'its program is not in the image',
};
const SIGNALS: Readonly<Record<number, string>> = {
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};
const BY_SIGNAL = 128;
const MEGABYTE = 1024 * 1024;

/**
 * Why a container ended, in words.
 * @param memoryLimit bytes; 0 for none
 * @param said the line of its log that says most
 */
export function explainExit(
  { ExitCode, OOMKilled, Error: error }: Exit,
  memoryLimit: number,
  said: string,
): string {
  const why = OOMKilled
    ? `ended for want of memory${memoryLimit > 0 ? ` (it may use ${Math.round(memoryLimit / MEGABYTE)} MB)` : ''}`
    : (engineCodes[ExitCode] ?? endedBy(ExitCode));
  return [error === '' ? why : `${why}: ${error}`, ...(said === '' ? [] : [`its log: ${said}`])].join('; ');
}

function endedBy(code: number): string {
  const signal = SIGNALS[code - BY_SIGNAL];
  return signal ? `ended by ${signal}` : `exited with code ${code}`;
}
