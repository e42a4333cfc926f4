import { savedRequestSchema } from '../../api/activity-models';
import type { SavedRequest } from '../../api/activity-models';
import type { SavedRequests } from '../../core/ports/records';
import { JsonLinesFile, readJsonLines, replaceFile } from './json-lines-file';

/** Saved requests, one a line, oldest first. */
export class SavedRequestsFile implements SavedRequests {
  readonly #lines: JsonLinesFile;

  constructor(file: string) {
    this.#lines = new JsonLinesFile(file);
  }

  list(): Promise<SavedRequest[]> {
    return readJsonLines(this.#lines.file, (value) => savedRequestSchema.safeParse(value).data);
  }

  add(request: SavedRequest): Promise<void> {
    return this.#lines.exclusively(() => this.#lines.appendLine(request));
  }

  async remove(id: string): Promise<boolean> {
    let found = false;
    await this.#lines.exclusively(async () => {
      const all = await this.list();
      const left = all.filter((request) => request.id !== id);
      found = left.length < all.length;
      if (found) {
        await replaceFile(this.#lines.file, left.map((one) => `${JSON.stringify(one)}\n`).join(''));
      }
    });
    return found;
  }
}
