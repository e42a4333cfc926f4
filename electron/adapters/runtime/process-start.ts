import { sampleProcess } from '../../../network/runtime/process/process-sample';

/**
 * When a process was started, as a word to compare: a process id alone may have been given to another program since.
 * Undefined where no such process runs or the platform doesn't tell.
 */
export const processStart = async (pid: number): Promise<string | undefined> =>
  (await sampleProcess(pid))?.startedAt;
