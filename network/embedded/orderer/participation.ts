/** Channel participation REST (orderer/common/channelparticipation/restapi.go) on the admin listener. */
import busboy from 'busboy';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createLogger } from '../node/logging';
import { JoinBlockError } from './join-block';
import { ParticipationError, type ChannelInfo } from './registrar';

const logger = createLogger('orderer.commmon.channelparticipation');

const BASE = '/participation/v1/';
const CHANNELS = `${BASE}channels`;
const FORM_KEY = 'config-block';
/** configtx.ChannelAllowedChars and MaxLength. */
const CHANNEL_ID = /^[a-z][a-z0-9.-]*/;
const CHANNEL_ID_MAX = 249;

/** What the REST interface acts on. */
export interface ChannelManagement {
  list(): string[];
  info(channelId: string): ChannelInfo;
  join(block: Uint8Array): Promise<ChannelInfo>;
  remove(channelId: string): Promise<void>;
}

export interface ParticipationOptions {
  readonly enabled: boolean;
  readonly maxRequestBodyBytes: number;
}

/** An answer that is not a success. */
class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly allow: readonly string[] = [],
  ) {
    super(message);
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function negotiate(request: IncomingMessage): void {
  const accept = request.headers.accept ?? '';
  if (accept === '' || /application\/json|application\/\*|\*\/\*/.test(accept)) return;
  throw new HttpError(406, 'response Content-Type is application/json only');
}

function checkChannelId(channelId: string): void {
  const refuse = (why: string): never => {
    throw new HttpError(400, `invalid channel ID: ${why}`);
  };
  if (channelId.length > CHANNEL_ID_MAX)
    refuse(`channel ID illegal, cannot be longer than ${CHANNEL_ID_MAX}`);
  if (CHANNEL_ID.exec(channelId)?.[0] !== channelId) refuse(`'${channelId}' contains illegal characters`);
}

/** The one file part of a form. @throws HttpError 400 with the genuine texts */
function readConfigBlock(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = (text: string): void => {
      request.unpipe();
      request.resume();
      reject(new HttpError(400, text));
    };
    let received = 0;
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxBytes) refuse('cannot read form from request body: http: request body too large');
    });
    let form: busboy.Busboy;
    try {
      form = busboy({ headers: request.headers, limits: { fileSize: maxBytes } });
    } catch (error) {
      refuse(`cannot read form from request body: ${(error as Error).message}`);
      return;
    }
    const files = new Map<string, Buffer[]>();
    let parts = 0;
    form.on('file', (name, file) => {
      parts += 1;
      const chunks: Buffer[] = [];
      files.set(name, chunks);
      file.on('data', (chunk: Buffer) => chunks.push(chunk));
    });
    form.on('field', () => (parts += 1));
    form.on('error', (error) => refuse(`cannot read form from request body: ${(error as Error).message}`));
    form.on('close', () => {
      const block = files.get(FORM_KEY);
      if (block === undefined) refuse(`form does not contains part key: ${FORM_KEY}`);
      else if (parts !== 1) refuse('form contains too many parts');
      else resolve(Buffer.concat(block));
    });
    request.pipe(form);
  });
}

const withUrl = (info: ChannelInfo) => ({
  name: info.name,
  url: `${CHANNELS}/${info.name}`,
  consensusRelation: info.consensusRelation,
  status: info.status,
  height: info.height,
});

function joinFailure(error: unknown): HttpError {
  if (error instanceof ParticipationError && error.reason === 'channel already exists') {
    return new HttpError(405, `cannot join: ${error.message}`, ['GET', 'DELETE']);
  }
  if (error instanceof ParticipationError) return new HttpError(409, `cannot join: ${error.message}`);
  if (error instanceof JoinBlockError) return new HttpError(400, `invalid join block: ${error.message}`);
  return new HttpError(400, `cannot join: ${(error as Error).message}`);
}

function removeFailure(error: unknown): HttpError {
  const message = `cannot remove: ${(error as Error).message}`;
  if (!(error instanceof ParticipationError)) return new HttpError(400, message);
  return new HttpError(error.reason === 'channel does not exist' ? 404 : 409, message);
}

export class ParticipationHandler {
  constructor(
    private readonly management: ChannelManagement,
    private readonly options: ParticipationOptions,
  ) {}

  readonly listener: RequestListener = (request, response) => {
    this.answer(request, response).catch((error: unknown) => {
      if (error instanceof HttpError) {
        logger.debug(`refused ${request.method ?? ''} ${request.url ?? ''}: ${error.message}`);
        const headers: Record<string, string> =
          error.allow.length > 0 ? { Allow: error.allow.join(', ') } : {};
        sendJson(response, error.status, { error: error.message }, headers);
        return;
      }
      logger.error('failed to answer a channel participation request', { error });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = '/'] = (request.url ?? '/').split('?');
    if (!pathname.startsWith(BASE)) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      return;
    }
    if (!this.options.enabled) throw new HttpError(503, 'channel participation API is disabled');
    const method = request.method ?? '';
    if (pathname === BASE && method === 'GET') {
      response.writeHead(302, { Location: CHANNELS }).end();
      return;
    }
    if (pathname === CHANNELS) {
      await this.answerAll(method, request, response);
      return;
    }
    const channelId = pathname.slice(CHANNELS.length + 1);
    if (!pathname.startsWith(`${CHANNELS}/`) || channelId === '' || channelId.includes('/')) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      return;
    }
    await this.answerOne(method, decodeURIComponent(channelId), request, response);
  }

  private async answerAll(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method === 'GET') {
      negotiate(request);
      const names = this.management.list();
      const channels = names.map((name) => ({ name, url: `${CHANNELS}/${name}` }));
      // A nil slice of Go.
      const body = { systemChannel: null, channels: channels.length > 0 ? channels : null };
      sendJson(response, 200, body, { 'Cache-Control': 'no-store' });
      return;
    }
    if (method !== 'POST') throw new HttpError(405, `invalid request method: ${method}`, ['GET', 'POST']);
    const contentType = request.headers['content-type'] ?? '';
    if (!contentType.includes('multipart/form-data')) {
      throw new HttpError(400, `unsupported Content-Type: [${contentType}]`);
    }
    negotiate(request);
    const block = await readConfigBlock(request, this.options.maxRequestBodyBytes);
    const info = await this.management.join(block).catch((error: unknown) => {
      throw joinFailure(error);
    });
    const body = withUrl(info);
    sendJson(response, 201, body, { Location: body.url });
  }

  private async answerOne(
    method: string,
    channelId: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (method !== 'GET' && method !== 'DELETE') {
      throw new HttpError(405, `invalid request method: ${method}`, ['GET', 'DELETE']);
    }
    negotiate(request);
    checkChannelId(channelId);
    if (method === 'DELETE') {
      await this.management.remove(channelId).catch((error: unknown) => {
        throw removeFailure(error);
      });
      response.writeHead(204).end();
      return;
    }
    let info: ChannelInfo;
    try {
      info = this.management.info(channelId);
    } catch (error) {
      throw new HttpError(404, (error as Error).message);
    }
    sendJson(response, 200, withUrl(info), { 'Cache-Control': 'no-store' });
  }
}
