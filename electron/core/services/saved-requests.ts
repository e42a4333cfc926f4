import { randomUUID } from 'node:crypto';
import type { SavedRequest } from '../../api/activity-models';
import type { SavedRequests } from '../ports/records';
import { problem } from '../problem';

const MOST = 500;

/** Calls that were given a name. */
export class SavedRequestsService {
  constructor(private readonly requests: SavedRequests) {}

  /** By name. */
  async list(): Promise<SavedRequest[]> {
    return (await this.requests.list()).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  /** A request of the same contract with the same name is replaced. */
  async save(request: Omit<SavedRequest, 'id' | 'savedAt'>): Promise<SavedRequest> {
    const all = await this.requests.list();
    if (all.length >= MOST) {
      throw problem('BAD_REQUEST', {
        title: `There are ${MOST} saved requests already.`,
        hint: 'Remove some that are not needed any more.',
      });
    }
    const saved = { ...request, id: randomUUID(), savedAt: new Date().toISOString() };
    await this.requests.add(saved);
    const replaced = all.filter(
      ({ name, channel, contract }) =>
        name === saved.name && channel === saved.channel && contract === saved.contract,
    );
    for (const { id } of replaced) await this.requests.remove(id);
    return saved;
  }

  async remove(id: string): Promise<{ removed: string }> {
    if (await this.requests.remove(id)) return { removed: id };
    throw problem('BAD_REQUEST', {
      title: 'There is no such saved request.',
      detail: 'It was removed before.',
      hint: 'Look at the list again.',
    });
  }
}
