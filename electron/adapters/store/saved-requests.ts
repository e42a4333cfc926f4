import { savedRequestSchema } from '../../api/activity-models';
import type { SavedRequest } from '../../api/activity-models';
import type { SavedRequests } from '../../core/ports/records';
import type { StoreReport } from '../../core/store-faults';
import { JsonLinesFile } from './json-lines-file';

/** Saved requests, one a line, oldest first. */
export class SavedRequestsFile implements SavedRequests {
  readonly #lines: JsonLinesFile<SavedRequest>;

  constructor(file: string, report: StoreReport) {
    this.#lines = new JsonLinesFile(file, (value) => savedRequestSchema.safeParse(value).data, report);
  }

  list(): Promise<SavedRequest[]> {
    return this.#lines.list();
  }

  add(request: SavedRequest): Promise<void> {
    return this.#lines.add(request);
  }

  remove(id: string): Promise<boolean> {
    return this.#lines.exclusively(async () => {
      const all = await this.#lines.mended();
      const left = all.filter((request) => request.id !== id);
      if (left.length === all.length) return false;
      await this.#lines.replace(left);
      return true;
    });
  }
}
