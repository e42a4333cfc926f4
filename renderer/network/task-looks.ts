import type { TaskModel } from '../../electron/api/models';
import type { Tone } from '../ui/badge';

export const taskLooks: Record<TaskModel['state'], { tone: Tone; word: string }> = {
  running: { tone: 'accent', word: 'Running' },
  done: { tone: 'ok', word: 'Done' },
  failed: { tone: 'danger', word: 'Failed' },
  cancelled: { tone: 'idle', word: 'Cancelled' },
};
