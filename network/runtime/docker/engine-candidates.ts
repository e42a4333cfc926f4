import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Where an engine may listen, in the order in which they are tried, and who says so. */
export interface EngineCandidate {
  /** E.g. `DOCKER_HOST`, `docker context "desktop-linux"`, `default socket`. */
  readonly source: string;
  /** As Docker writes it: unix://…, npipe://…, tcp://… */
  readonly address: string;
  /** Named by the user: the ones after it are not tried. */
  readonly isChosen: boolean;
  /** Why it can't even be tried. */
  readonly refusal?: string;
}

export interface EngineSurroundings {
  readonly variables: NodeJS.ProcessEnv;
  readonly homeFolder: string;
  readonly platform: NodeJS.Platform;
}

const DEFAULT_CONTEXT = 'default';
const contextConfigSchema = z.object({ currentContext: z.string().optional() });
const contextMetaSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string() }) }),
});

/** DOCKER_HOST, else the docker context in use, else the sockets of the user's own engines and of the system's. */
export async function engineCandidates({
  variables,
  homeFolder,
  platform,
}: EngineSurroundings): Promise<EngineCandidate[]> {
  const host = variables['DOCKER_HOST'];
  if (host) return [{ source: 'DOCKER_HOST', address: host, isChosen: true }];
  const configuration = variables['DOCKER_CONFIG'] ?? path.join(homeFolder, '.docker');
  const context = variables['DOCKER_CONTEXT'] ?? (await currentContext(configuration));
  if (context !== undefined && context !== DEFAULT_CONTEXT) {
    const address = await contextAddress(configuration, context);
    const source = `docker context "${context}"`;
    if (address !== undefined) return [{ source, address, isChosen: true }];
    const refusal =
      'there is no such context: choose one of `docker context ls` with `docker context use NAME`';
    return [{ source, address: contextsFolder(configuration), isChosen: true, refusal }];
  }
  return knownSockets(variables, homeFolder, platform).map(({ source, address }) => ({
    source,
    address,
    isChosen: false,
  }));
}

function knownSockets(variables: NodeJS.ProcessEnv, homeFolder: string, platform: NodeJS.Platform) {
  if (platform === 'win32') return [{ source: 'default pipe', address: 'npipe:////./pipe/docker_engine' }];
  const inHome = (...parts: string[]) => `unix://${path.posix.join(homeFolder, ...parts)}`;
  const runtime = variables['XDG_RUNTIME_DIR'];
  return [
    ...(runtime ? [{ source: 'rootless engine', address: `unix://${runtime}/docker.sock` }] : []),
    { source: 'Docker Desktop', address: inHome('.docker', 'run', 'docker.sock') },
    { source: 'Docker Desktop', address: inHome('.docker', 'desktop', 'docker.sock') },
    { source: 'Colima', address: inHome('.colima', 'default', 'docker.sock') },
    { source: 'Rancher Desktop', address: inHome('.rd', 'docker.sock') },
    { source: 'default socket', address: 'unix:///var/run/docker.sock' },
  ];
}

async function currentContext(configuration: string): Promise<string | undefined> {
  const text = await readFile(path.join(configuration, 'config.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsed(text, contextConfigSchema)?.currentContext;
}

const contextsFolder = (configuration: string): string => path.join(configuration, 'contexts', 'meta');

/** Contexts lie in folders named after the SHA-256 of their names (docker/cli `context/store`). */
async function contextAddress(configuration: string, context: string): Promise<string | undefined> {
  const folder = createHash('sha256').update(context).digest('hex');
  const file = path.join(contextsFolder(configuration), folder, 'meta.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsed(text, contextMetaSchema)?.Endpoints.docker.Host;
}

function parsed<S extends z.ZodType>(text: string, schema: S): z.infer<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
