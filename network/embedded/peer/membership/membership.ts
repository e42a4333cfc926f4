import { status as Code, type handleUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { common } from '@hyperledger/fabric-protos';
import { createEnvelope, parseEnvelope } from '../../../protocol/envelope';
import type { Identity } from '../../../protocol/msp';
import type { Logger } from '../../node/logging';
import type { PeerChannel, PeerContext } from '../channel';
import { messageOf } from '../gateway/status';
import { channelNodes } from '../services/channel-nodes';
import type { NodeConnections } from '../services/connections';
import { Contact, type ContactState } from './contact';
import type { ChannelMember, ChannelMembers, RunnableChaincode } from './members';
import {
  readExchangeBody,
  writeMessage,
  type ExchangeAnswer,
  type ExchangeBody,
  type StatementVersion,
} from './messages';
import { MembershipService } from './service';
import { isNewer, memberPeer, peerKey, readStatement, signStatement, type Statement } from './statement';

export interface MembershipDependencies {
  readonly peer: PeerContext;
  readonly connections: NodeConnections;
  readonly logger: Logger;
  /** Committed chaincodes of the channel that this peer has a package for. */
  runnable(channel: PeerChannel): Promise<readonly RunnableChaincode[]>;
}

export interface MembershipServer extends UntypedServiceImplementation {
  exchange: handleUnaryCall<common.Envelope, ExchangeAnswer>;
}

const TIMING = { intervalMs: 2000, firstBackoffMs: 250, maxBackoffMs: 4000 };
const EXCHANGE_TIMEOUT_MS = 3000;
/** The same while a call to the peer is waiting for the answer. */
const WATCHED_EXCHANGE_TIMEOUT_MS = 1500;
/** How often this peer looks at its own state and at who should be asked. */
const REFRESH_MS = 250;
/** How often it looks at what it can run even when no block came: an approval may have been fetched since. */
const RUNNABLE_MS = 5000;

interface Own {
  readonly statement: Statement;
  readonly facts: string;
  /** When `runnable` was asked last, in milliseconds since 1970. */
  readonly asked: number;
}

/**
 * Who is in which channel and alive. Peers find each other from the anchor peers of the channel configurations, tell
 * each other what they are and pass on what others said; each is asked directly, so that a peer that is gone is
 * known to be gone within seconds.
 */
export class Membership implements ChannelMembers {
  readonly #contacts = new Map<string, Contact>();
  /** Latest statement by channel and peer, this peer's own excepted. */
  readonly #statements = new Map<string, Map<string, Statement>>();
  readonly #own = new Map<string, Own>();
  /** Instances of this process are told apart by their start. */
  readonly #instance = Date.now();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #closed = false;

  constructor(private readonly deps: MembershipDependencies) {}

  /** Resolves once this peer's own statements stand; others are found from then on. */
  async start(): Promise<void> {
    await this.refresh();
  }

  /** Looks at the channels and at this peer's own state, and tells others at once when it has changed. */
  refresh(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** A package was installed: what this peer can run may be more than it last said. */
  async packageInstalled(): Promise<void> {
    await this.#refreshing;
    for (const [channelId, own] of this.#own) this.#own.set(channelId, { ...own, asked: 0 });
    await this.refresh();
  }

  /** Ends the exchange; resolves when nothing of this peer's ledgers is being read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const contact of this.#contacts.values()) contact.close();
    await this.#refreshing;
  }

  peersOf(channelId: string): readonly ChannelMember[] {
    const channel = this.deps.peer.channel(channelId);
    if (channel === undefined) return [];
    const statements = this.#statements.get(channelId);
    const members: ChannelMember[] = [this.#self(channel)];
    for (const [key, contact] of this.#contacts) {
      const { mspId, endpoint, state } = contact;
      const statement = statements?.get(key);
      if (state === 'alive' && statement !== undefined) {
        const { identity, body } = statement;
        members.push({
          mspId,
          endpoint,
          identity,
          height: body.height,
          chaincodes: body.chaincodes,
          silent: contact.silent,
          local: false,
        });
      } else if (
        state === 'genuine' &&
        anchors(channel).some((one) => peerKey(one.mspId, one.endpoint) === key)
      ) {
        members.push({
          mspId,
          endpoint,
          identity: undefined,
          height: 0,
          chaincodes: undefined,
          local: false,
        });
      }
    }
    return members;
  }

  suspect(endpoint: string): void {
    for (const contact of this.#contacts.values()) if (contact.endpoint === endpoint) contact.askNow();
  }

  watch(endpoint: string, onDead: () => void): () => void {
    const stops = [...this.#contacts.values()]
      .filter((contact) => contact.endpoint === endpoint)
      .map((contact) => contact.watch(onDead));
    return () => stops.forEach((stop) => stop());
  }

  /** Addresses of the live peers of this peer's own organization on the channel, itself excepted. */
  ownOrganization(channelId: string): readonly string[] {
    return this.peersOf(channelId)
      .filter(({ local, identity, mspId }) => !local && identity !== undefined && mspId === this.#mspId)
      .map(({ endpoint }) => endpoint);
  }

  /** The service other embedded peers call, for MembershipService. */
  server(): MembershipServer {
    return {
      exchange: (call, callback) => {
        try {
          callback(null, this.#answer(call.request));
        } catch (error) {
          callback({ code: Code.PERMISSION_DENIED, details: messageOf(error) });
        }
      },
    };
  }

  get #mspId(): string {
    return this.deps.peer.signer.mspId;
  }

  get #ownKey(): string {
    return peerKey(this.#mspId, this.deps.peer.endpoint);
  }

  async #refresh(): Promise<void> {
    let changed = false;
    for (const channel of this.deps.peer.channels()) {
      try {
        if (await this.#restate(channel)) changed = true;
      } catch (error) {
        this.deps.logger.warn('could not tell what this peer runs', {
          channel: channel.id,
          error: messageOf(error),
        });
      }
    }
    if (this.#closed) return;
    this.#findPeers();
    if (changed) for (const contact of this.#contacts.values()) contact.askNow();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), REFRESH_MS);
    this.#timer.unref();
  }

  /** Signs a new statement when something changed; true when peers should hear of it at once. */
  async #restate(channel: PeerChannel): Promise<boolean> {
    const former = this.#own.get(channel.id);
    const { height } = channel.ledger;
    const grown = former?.statement.body.height !== height;
    const asked = Date.now();
    if (former !== undefined && !grown && asked - former.asked < RUNNABLE_MS) return false;
    const chaincodes = await this.deps.runnable(channel);
    const facts = JSON.stringify(chaincodes);
    if (former?.facts === facts && !grown) {
      this.#own.set(channel.id, { ...former, asked });
      return false;
    }
    this.#count += 1;
    const body = {
      purpose: 'membership' as const,
      endpoint: this.deps.peer.endpoint,
      version: [this.#instance, this.#count] satisfies StatementVersion,
      height,
      chaincodes: chaincodes.map(({ name, sequence }) => ({ name, sequence })),
    };
    const { signer } = this.deps.peer;
    const bytes = signStatement(signer, channel.id, body);
    const identity = channel.config().msps.deserializeIdentity(signer.creator);
    this.#own.set(channel.id, { statement: { channelId: channel.id, identity, body, bytes }, facts, asked });
    // Heights alone travel with the next regular exchange.
    return former?.facts !== facts;
  }

  #self(channel: PeerChannel): ChannelMember {
    const own = this.#own.get(channel.id)?.statement;
    const identity =
      own?.identity ?? channel.config().msps.deserializeIdentity(this.deps.peer.signer.creator);
    return {
      mspId: this.#mspId,
      endpoint: this.deps.peer.endpoint,
      identity,
      height: channel.ledger.height,
      chaincodes: own?.body.chaincodes ?? [],
      local: true,
    };
  }

  /** Anchor peers of the channels and whoever was spoken of become contacts; those of left channels end. */
  #findPeers(): void {
    const wanted = new Map<string, { mspId: string; endpoint: string }>();
    for (const channel of this.deps.peer.channels()) {
      for (const one of anchors(channel)) wanted.set(peerKey(one.mspId, one.endpoint), one);
      for (const [key, { identity, body }] of this.#statements.get(channel.id) ?? []) {
        wanted.set(key, { mspId: identity.mspId, endpoint: body.endpoint });
      }
    }
    wanted.delete(this.#ownKey);
    for (const [key, contact] of this.#contacts) {
      if (wanted.has(key)) continue;
      contact.close();
      this.#contacts.delete(key);
    }
    for (const [key, { mspId, endpoint }] of wanted) {
      if (this.#contacts.has(key)) continue;
      const contact = new Contact(
        mspId,
        endpoint,
        TIMING,
        (one) => this.#ask(one),
        (one, state) => this.#stateChanged(one, state),
      );
      this.#contacts.set(key, contact);
      contact.askNow();
    }
  }

  #stateChanged({ mspId, endpoint }: Contact, state: ContactState): void {
    const facts = { MSPID: mspId, endpoint };
    if (state === 'dead') this.deps.logger.warn('Peer is not reachable', facts);
    else this.deps.logger.info(state === 'alive' ? 'Peer is online' : 'Genuine peer is online', facts);
  }

  /** Channels both this peer and an organization are members of. */
  #sharedWith(mspId: string): PeerChannel[] {
    return this.deps.peer.channels().filter((channel) =>
      channel
        .config()
        .organizations()
        .some((organization) => organization.mspId === mspId),
    );
  }

  async #ask(contact: Contact): Promise<void> {
    const channels = this.#sharedWith(contact.mspId);
    const [first] = channels;
    if (first === undefined) throw new Error(`no channel is shared with ${contact.mspId}`);
    const news = channels.filter(({ id }) => {
      const version = this.#own.get(id)?.statement.body.version;
      return version !== undefined && isNewer(version, contact.told.get(id));
    });
    const answer = await this.#exchange(contact, first, channels, news);
    // What the other lacks nevertheless follows at once, so that both know each other after one round.
    const wanted = channels.filter(({ id }) => answer.wanted.includes(id));
    if (wanted.length > 0) await this.#exchange(contact, first, channels, wanted);
  }

  async #exchange(
    contact: Contact,
    first: PeerChannel,
    channels: readonly PeerChannel[],
    telling: readonly PeerChannel[],
  ): Promise<ExchangeAnswer> {
    const own = telling.flatMap(({ id }) => this.#own.get(id)?.statement ?? []);
    const body: ExchangeBody = {
      purpose: 'exchange',
      from: this.deps.peer.endpoint,
      known: Object.fromEntries(channels.map(({ id }) => [id, Object.fromEntries(this.#versions(id))])),
      statements: own.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    };
    const envelope = createEnvelope(this.deps.peer.signer, {
      type: common.HeaderType.MESSAGE,
      channelId: first.id,
      data: writeMessage(body),
    });
    const answer = await this.#call(contact, tlsRoots(first, contact.mspId), envelope);
    for (const { channelId, body: told } of own) contact.told.set(channelId, told.version);
    this.#learn(answer.statements);
    return answer;
  }

  #call(
    { endpoint, watched }: Contact,
    roots: readonly string[],
    envelope: common.Envelope,
  ): Promise<ExchangeAnswer> {
    const { exchange } = MembershipService;
    const timeoutMs = watched ? WATCHED_EXCHANGE_TIMEOUT_MS : EXCHANGE_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      this.deps.connections
        .client(endpoint, roots)
        .makeUnaryRequest(
          exchange.path,
          exchange.requestSerialize,
          exchange.responseDeserialize,
          envelope,
          { deadline: Date.now() + timeoutMs },
          (error, answer) => {
            if (error !== null) {
              // Contacts keep their own pace; the connection's backoff on top would only hide a peer that is back.
              if (error.code === Code.UNAVAILABLE) this.deps.connections.drop(endpoint, roots);
              reject(error);
            } else if (answer === undefined) reject(new Error('no answer'));
            else resolve(answer);
          },
        );
    });
  }

  #versions(channelId: string): Map<string, StatementVersion> {
    const versions = new Map<string, StatementVersion>();
    for (const [key, { body }] of this.#statements.get(channelId) ?? []) versions.set(key, body.version);
    const own = this.#own.get(channelId);
    if (own !== undefined) versions.set(this.#ownKey, own.statement.body.version);
    return versions;
  }

  /** Answers another peer; throws when it is no valid peer of a channel this peer has joined. */
  #answer(request: common.Envelope): ExchangeAnswer {
    const envelope = parseEnvelope(request);
    const creator = envelope.signatureHeader.getCreator_asU8();
    const asker = this.#identify(creator);
    if (!asker.verify(envelope.payload, envelope.signature))
      throw new Error('the request has a wrong signature');
    const body = readExchangeBody(envelope.data);
    this.#learn(body.statements);
    const askerKey = peerKey(asker.mspId, body.from);
    this.#contacts.get(askerKey)?.heard();

    const statements: string[] = [];
    const wanted: string[] = [];
    for (const channel of this.#sharedWith(asker.mspId)) {
      const known = body.known[channel.id];
      if (known === undefined) continue;
      memberPeer(channel, creator);
      const told = known[askerKey];
      if (told !== undefined && isNewer(told, this.#versions(channel.id).get(askerKey)))
        wanted.push(channel.id);
      for (const statement of this.#passedOn(channel.id)) {
        const key = peerKey(statement.identity.mspId, statement.body.endpoint);
        if (isNewer(statement.body.version, known[key])) {
          statements.push(Buffer.from(statement.bytes).toString('base64'));
        }
      }
    }
    return { statements, wanted };
  }

  #passedOn(channelId: string): Statement[] {
    const own = this.#own.get(channelId)?.statement;
    return [...(own === undefined ? [] : [own]), ...(this.#statements.get(channelId)?.values() ?? [])];
  }

  /** The identity of a peer of any channel joined here. */
  #identify(creator: Uint8Array): Identity {
    let refusal: unknown = new Error('this peer has joined no channel');
    for (const channel of this.deps.peer.channels()) {
      try {
        return memberPeer(channel, creator);
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  /** Takes in what is new and believable. */
  #learn(encoded: readonly string[]): void {
    let metSomeone = false;
    for (const text of encoded) {
      try {
        const statement = readStatement(Buffer.from(text, 'base64'), (id) => this.deps.peer.channel(id));
        if (statement === undefined) continue;
        const key = peerKey(statement.identity.mspId, statement.body.endpoint);
        if (key === this.#ownKey) continue;
        const ofChannel = this.#statements.get(statement.channelId) ?? new Map<string, Statement>();
        this.#statements.set(statement.channelId, ofChannel);
        if (isNewer(statement.body.version, ofChannel.get(key)?.body.version)) ofChannel.set(key, statement);
        metSomeone ||= !this.#contacts.has(key);
      } catch (error) {
        this.deps.logger.warn('a membership statement is not believed', { error: messageOf(error) });
      }
    }
    if (metSomeone) this.#findPeers();
  }
}

/** Anchor peers the channel's configuration names. */
function anchors(channel: PeerChannel): { mspId: string; endpoint: string }[] {
  return channel
    .config()
    .organizations()
    .flatMap(({ mspId, anchorPeers }) =>
      anchorPeers.map(({ host, port }) => ({ mspId, endpoint: `${host}:${port}` })),
    );
}

function tlsRoots(channel: PeerChannel, mspId: string): readonly string[] {
  return channelNodes(channel.config().config).tlsRoots.get(mspId) ?? [];
}
