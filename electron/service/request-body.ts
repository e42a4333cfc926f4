import type { IncomingMessage } from 'node:http';
import { refusals } from './refusal';
import type { Refusal } from './refusal';

/** The request's JSON, of at most `maxBytes`: more is not read, whatever Content-Length says. */
export async function readJson(
  request: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly value: unknown } | { readonly refusal: Refusal }> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return { refusal: refusals.mediaType() };
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return { refusal: refusals.tooLarge(maxBytes) };
  const text = await boundedText(request, maxBytes);
  if (text === undefined) return { refusal: refusals.tooLarge(maxBytes) };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { refusal: refusals.malformed('Its body is no JSON.') };
  }
}

/** Undefined where there is more; what is left then stays unread. */
function boundedText(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.pause();
        resolve(undefined);
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}
