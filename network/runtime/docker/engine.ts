import Docker from 'dockerode';
import { z } from 'zod';
import { statusOf, wordsOf } from './engine-answer';
import { engineCandidates } from './engine-candidates';
import { EngineLostError, EngineUnavailableError } from './engine-unavailable';
import type { PassedOver } from './engine-unavailable';
import type { EngineCandidate, EngineSurroundings } from './engine-candidates';

/** Engine 20.10, the oldest that knows `host-gateway` and one-shot stats. */
const OLDEST_API = '1.41';
/** The newest whose answers were looked at; a newer engine still speaks it. */
const NEWEST_API = '1.51';
const ANSWER_MS = 5_000;

/** The engine that is used, and how it was found. */
export interface Engine {
  readonly docker: Docker;
  readonly source: string;
  readonly address: string;
  /** E.g. `20.10.24`. */
  readonly version: string;
  /** Negotiated, e.g. `1.41`. */
  readonly apiVersion: string;
  /** As images say it, e.g. `linux/amd64`. */
  readonly platform: string;
  /** What was tried before it, and why it was not taken. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * The first engine that answers and is new enough.
 * @throws EngineUnavailableError
 */
export async function findEngine(surroundings: EngineSurroundings): Promise<Engine> {
  const passedOver: PassedOver[] = [];
  for (const candidate of await engineCandidates(surroundings)) {
    const found = await tryEngine(candidate);
    if (!('reason' in found)) return { ...found, passedOver };
    passedOver.push({ source: candidate.source, address: candidate.address, reason: found.reason });
    if (candidate.isChosen) break;
  }
  throw new EngineUnavailableError(passedOver);
}

const apiVersion = z.string().regex(/^\d+\.\d+$/);
const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: apiVersion,
  /** Podman has none. */
  MinAPIVersion: apiVersion.optional(),
  Os: z.string(),
  Arch: z.string(),
});

type Found = Omit<Engine, 'passedOver'> | { readonly reason: string };

async function tryEngine({ source, address, refusal }: EngineCandidate): Promise<Found> {
  if (refusal !== undefined) return { reason: refusal };
  const options = connectionOptions(address);
  if ('reason' in options) return options;
  try {
    const probe = new Docker({ ...options, timeout: ANSWER_MS });
    const told = versionSchema.safeParse(await probe.version());
    if (!told.success) return { reason: 'what answers there is no Docker engine' };
    const { Version, ApiVersion, MinAPIVersion, Os, Arch } = told.data;
    if (older(ApiVersion, OLDEST_API)) {
      return { reason: `Docker ${Version} speaks API ${ApiVersion}; ${OLDEST_API} (Docker 20.10) is needed` };
    }
    const spoken = older(ApiVersion, NEWEST_API) ? ApiVersion : NEWEST_API;
    if (MinAPIVersion && older(spoken, MinAPIVersion)) {
      return {
        reason: `Docker ${Version} wants API ${MinAPIVersion} at least; this console speaks ${NEWEST_API}`,
      };
    }
    if (Os !== 'linux') return { reason: `it runs ${Os} containers; Fabric's nodes are Linux programs` };
    const docker = new Docker({ ...options, version: `v${spoken}` });
    tellLoss(docker, address);
    return { docker, source, address, version: Version, apiVersion: spoken, platform: `${Os}/${Arch}` };
  } catch (error) {
    return { reason: reasonOf(error, address) };
  }
}

/** That the engine does not answer is told as that, whatever it was asked. */
function tellLoss({ modem }: Docker, address: string): void {
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) =>
    dial(options, (error, result) => {
      const isLost = error && statusOf(error) === undefined && error.name !== 'AbortError';
      callback?.(isLost ? new EngineLostError(address, error) : error, result);
    });
}

/** Ports and folders of the containers are on the engine's machine: another machine's engine is of no use here. */
function connectionOptions(address: string): Docker.DockerOptions | { readonly reason: string } {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  if (address.startsWith('npipe://'))
    return { socketPath: address.slice('npipe://'.length).replaceAll('/', '\\') };
  const remote = { reason: 'it is on another machine; nodes must run on this one' };
  if (!URL.canParse(address)) return { reason: 'this is no address of an engine' };
  const { protocol, hostname, port } = new URL(address.replace(/^tcp:/, 'http:'));
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return remote;
  if (protocol !== 'http:') return { reason: `connections by ${protocol.slice(0, -1)} are not supported` };
  return { host: hostname, port: Number(port || 2375), protocol: 'http' };
}

function reasonOf(error: unknown, address: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const file = address.replace(/^unix:\/\//, '');
  switch (code) {
    case 'ENOENT':
      return 'there is no such socket: no engine runs there';
    case 'EACCES':
      return `this user may not use ${file}: add the user to the group that owns it (usually "docker") and sign in again`;
    case 'ECONNREFUSED':
      return 'nothing listens there: the engine is not running';
    case 'ECONNRESET':
    case 'HPE_INVALID_CONSTANT':
      return 'what listens there does not answer as a Docker engine does';
    default:
      return statusOf(error) === undefined
        ? wordsOf(error)
        : `what answers there is no Docker engine (HTTP ${statusOf(error)})`;
  }
}

/** Whether one API version (major.minor) comes before another. */
function older(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = than.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
