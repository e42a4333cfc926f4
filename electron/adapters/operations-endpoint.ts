import http from 'node:http';

/** Every node is asked some times a minute for as long as it runs. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 4, timeout: 30_000 });

export interface OperationsAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * GET of a node's operations endpoint over a connection that is kept. `fetch` does the same for several times the work,
 * which a console at rest would spend all day. Rejects where nobody answers in time, and where the answer is longer
 * than `maxBytes`.
 */
export function getOperations(
  address: string,
  path: string,
  { timeoutMs, maxBytes, signal }: { timeoutMs: number; maxBytes: number; signal?: AbortSignal },
): Promise<OperationsAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.get(`http://${address}${path}`, { agent, ...(signal ? { signal } : {}) });
    const patience = setTimeout(
      () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const end = (settle: () => void) => {
      clearTimeout(patience);
      settle();
    };
    request.on('error', (error) => end(() => reject(error)));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= maxBytes) return;
        end(() => reject(new Error(`the answer is longer than ${maxBytes} bytes`)));
        // Without an error of its own: when all of it has come, its connection has nobody any more who hears it.
        request.destroy();
      });
      response.on('error', (error) => end(() => reject(error)));
      response.once('end', () =>
        end(() =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        ),
      );
    });
  });
}
