import { z } from 'zod';

const port = z.int().min(1, 'a port from 1 to 65535').max(65535, 'a port from 1 to 65535');
const hostname = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, 'a lower-case DNS name');
/** Fabric's own rule for channel ids (`configtx.ValidateChannelID`). */
const channelName = z
  .string()
  .max(249)
  .regex(/^[a-z][a-z0-9.-]*$/, 'lower case letters, digits, dots and dashes, starting with a letter');
const duration = z.string().regex(/^\d+(ms|s|m)$/, 'a duration such as 2s or 200ms');
const byteSize = z.string().regex(/^\d+ ?(B|KB|MB)$/, 'a size such as 512 KB or 99 MB');
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'letters, digits, - and _, starting with a letter');
/** `ChaincodeNameRegExp` of core/chaincode/lifecycle/scc.go; lower case, because it also becomes a host name. */
const contractName = z
  .string()
  .max(63)
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'lower case letters, digits and single dashes, starting with a letter',
  );
/** Becomes part of a package label: `LabelRegexp` of core/chaincode/persistence/chaincode_package.go. */
const contractVersion = z.string().regex(/^[A-Za-z0-9_.+-]+$/, 'letters, digits and _ . + -');
/** As docker's reference grammar has it, without digest. */
const imageName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/,
    'an image such as hyperledger/fabric-peer',
  );
const attributeName = z
  .string()
  .regex(
    /^(?!hf\.)[A-Za-z0-9._-]+$/,
    "letters, digits and . _ -, not starting with 'hf.' (Fabric CA's own attributes)",
  );

const identitySchema = z.strictObject({
  name,
  /** Written into the certificate as Fabric's attribute extension (OID 1.2.3.4.5.6.7.8.1). */
  attributes: z.record(attributeName, z.string()).default({}),
});

const ordererNodeSchema = z.strictObject({
  name: hostname,
  ports: z.strictObject({ grpc: port, admin: port, operations: port }),
});

const peerNodeSchema = z.strictObject({
  name: hostname,
  /** `chaincode` is the peer's own chaincode listener, used by genuine peers only. */
  ports: z.strictObject({ grpc: port, chaincode: port, operations: port }),
});

const ordererOrganizationSchema = z.strictObject({
  name,
  mspId: name,
  domain: hostname,
  kind: z.literal('orderer'),
  nodes: z.array(ordererNodeSchema).min(1),
});

const peerOrganizationSchema = z.strictObject({
  name,
  mspId: name,
  domain: hostname,
  kind: z.literal('peer'),
  nodes: z.array(peerNodeSchema).min(1),
  identities: z.array(identitySchema).default([]),
});

const channelSchema = z.strictObject({
  name: channelName,
  members: z.array(name).min(1),
});

const collectionSchema = z.strictObject({
  name,
  policy: z.string(),
  requiredPeerCount: z.int().min(0).default(0),
  maxPeerCount: z.int().min(0).default(1),
  blockToLive: z.int().min(0).default(0),
  memberOnlyRead: z.boolean().default(true),
  memberOnlyWrite: z.boolean().default(true),
});

const contractSchema = z.strictObject({
  name: contractName,
  channel: channelName,
  /** The organization that answers for the data; its TLS CA signs the contract process's certificate. */
  owner: name,
  version: contractVersion,
  sequence: z.int().min(1),
  port,
  /** Endorsement policy in Fabric's signature policy language. */
  endorsement: z.string().min(1),
  collections: z.array(collectionSchema).default([]),
});

const limitsSchema = z.strictObject({
  memory: byteSize.optional(),
  /** Cores, such as 1.5. */
  cpus: z.number().positive().optional(),
});

/** How the docker runtime runs the nodes. */
const dockerSchema = z.strictObject({
  /** `genuine` are Hyperledger Fabric's own; `embedded` is made from this project alone. */
  images: z.enum(['genuine', 'embedded']).default('genuine'),
  /** Without a tag: that is fabricVersion. */
  peerImage: imageName.default('hyperledger/fabric-peer'),
  ordererImage: imageName.default('hyperledger/fabric-orderer'),
  /** What contracts and embedded nodes are put on: any image with Node and a shell-less start. */
  nodeImage: imageName.default('node:22-bookworm-slim'),
  /** Registries asked before Docker Hub, such as registry.example.com/hub. */
  mirrors: z.array(imageName).default([]),
  /** `process`: contracts run beside the containers, reached through the host gateway. */
  contracts: z.enum(['container', 'process']).default('container'),
  restart: z.enum(['no', 'on-failure', 'unless-stopped', 'always']).default('unless-stopped'),
  limits: z
    .strictObject({
      orderer: limitsSchema.prefault({}),
      peer: limitsSchema.prefault({}),
      contract: limitsSchema.prefault({}),
    })
    .prefault({}),
});

export const topologySchema = z.strictObject({
  name: channelName,
  fabricVersion: z.string().regex(/^\d+\.\d+\.\d+$/, 'a Fabric version such as 2.5.4'),
  organizations: z
    .array(z.discriminatedUnion('kind', [ordererOrganizationSchema, peerOrganizationSchema]))
    .min(2),
  ordering: z.strictObject({
    consensus: z.literal('etcdraft'),
    batchTimeout: duration,
    maxMessageCount: z.int().min(1),
    preferredMaxBytes: byteSize,
    absoluteMaxBytes: byteSize,
  }),
  channels: z.array(channelSchema).min(1),
  contracts: z.array(contractSchema).default([]),
  docker: dockerSchema.prefault({}),
  backend: z.strictObject({ port }),
  console: z.strictObject({ port }),
});

export type DockerSettings = z.infer<typeof dockerSchema>;
export type Topology = z.infer<typeof topologySchema>;
export type Organization = Topology['organizations'][number];
export type OrdererOrganization = Extract<Organization, { kind: 'orderer' }>;
export type PeerOrganization = Extract<Organization, { kind: 'peer' }>;
export type OrdererNode = OrdererOrganization['nodes'][number];
export type PeerNode = PeerOrganization['nodes'][number];
export type Channel = Topology['channels'][number];
export type Contract = Topology['contracts'][number];
export type IdentityDeclaration = PeerOrganization['identities'][number];
