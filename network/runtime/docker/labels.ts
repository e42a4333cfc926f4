/** Whose containers, volumes and networks: only what carries both is ever stopped, overwritten or removed. */
export interface DockerNetworkIdentity {
  readonly network: string;
  /** Random, made with the network's folder: a network of the same name made elsewhere has another one. */
  readonly id: string;
}

export const NETWORK_LABEL = 'com.cityflow.network';
export const NETWORK_ID_LABEL = 'com.cityflow.network-id';
const NODE_LABEL = 'com.cityflow.node';
/** What a container was made with, so that drift can be told by name. */
const SETTINGS_LABEL = 'com.cityflow.settings';
const GENESIS_LABEL = 'com.cityflow.genesis';
/** Which kind of program wrote a ledger. */
const PROGRAM_LABEL = 'com.cityflow.program';

type Labels = Readonly<Record<string, string>>;

interface Own {
  readonly node?: string;
  readonly settings?: Labels;
  /** Channel → header hash of its genesis block, hex. */
  readonly genesis?: Labels;
  readonly program?: string;
}

export const ownLabels = (
  { network, id }: DockerNetworkIdentity,
  { node, settings, genesis, program }: Own = {},
): Record<string, string> => ({
  [NETWORK_LABEL]: network,
  [NETWORK_ID_LABEL]: id,
  ...(node === undefined ? {} : { [NODE_LABEL]: node }),
  ...(settings === undefined ? {} : { [SETTINGS_LABEL]: JSON.stringify(settings) }),
  ...(genesis === undefined ? {} : { [GENESIS_LABEL]: JSON.stringify(genesis) }),
  ...(program === undefined ? {} : { [PROGRAM_LABEL]: program }),
});

export const isOwn = ({ network, id }: DockerNetworkIdentity, labels: Labels | null | undefined): boolean =>
  labels?.[NETWORK_LABEL] === network && labels[NETWORK_ID_LABEL] === id;

export const programOf = (labels: Labels | null | undefined): string | undefined => labels?.[PROGRAM_LABEL];
export const nodeOf = (labels: Labels | null | undefined): string | undefined => labels?.[NODE_LABEL];
export const settingsOf = (labels: Labels | null | undefined): Labels => parsed(labels?.[SETTINGS_LABEL]);
export const genesisOf = (labels: Labels | null | undefined): Labels => parsed(labels?.[GENESIS_LABEL]);

/** For the engine's list calls and its event stream. */
export const ownFilter = ({ id }: DockerNetworkIdentity) => ({ label: [`${NETWORK_ID_LABEL}=${id}`] });

function parsed(text: string | undefined): Labels {
  try {
    return text === undefined ? {} : (JSON.parse(text) as Labels);
  } catch {
    return {};
  }
}
