import type { peer } from '@hyperledger/fabric-protos';
import type { GatewayEndorser } from './endorser';
import type { NodeMessage } from './status';

/** How many endorsements of which group satisfy the policy. */
export type Layout = ReadonlyMap<string, number>;

interface PendingLayout {
  readonly required: Map<string, number>;
  readonly responses: peer.ProposalResponse[];
}

/**
 * The peers to ask for endorsements, the alternatives when one fails, and when the policy is met
 * (internal/pkg/gateway/endorsement.go). A peer belongs to one group only: a property of how layouts are computed.
 */
export class EndorsementPlan {
  readonly failures: NodeMessage[] = [];
  #layouts: (PendingLayout | undefined)[];
  readonly #groups: Map<string, GatewayEndorser[]>;
  readonly #groupOf = new Map<string, string>();
  #next = 0;
  #payload: Uint8Array | undefined;
  #completed: PendingLayout | undefined;

  constructor(
    layouts: readonly Layout[],
    groups: ReadonlyMap<string, readonly GatewayEndorser[]>,
    private readonly onMismatch: (
      endorser: GatewayEndorser,
      expected: Uint8Array,
      actual: Uint8Array,
    ) => void = () => undefined,
  ) {
    this.#layouts = layouts.map((required) => ({ required: new Map(required), responses: [] }));
    this.#groups = new Map([...groups].map(([group, endorsers]) => [group, [...endorsers]]));
    for (const [group, endorsers] of groups) {
      for (const endorser of endorsers) this.#groupOf.set(endorser.address, group);
    }
  }

  /** The responses that satisfy a layout, all with the same payload; undefined while none is satisfied. */
  get responses(): readonly peer.ProposalResponse[] | undefined {
    return this.#completed?.responses;
  }

  /** Takes the endorsers of the next layout that can still be satisfied; empty when there is none. */
  nextEndorsers(): GatewayEndorser[] {
    for (; this.#next < this.#layouts.length; this.#next += 1) {
      const layout = this.#layouts[this.#next];
      if (layout === undefined) continue;
      const groups = [...layout.required];
      if (groups.some(([group, quantity]) => quantity > this.#available(group).length)) {
        this.#layouts[this.#next] = undefined;
        continue;
      }
      return groups.flatMap(([group, quantity]) => this.#available(group).splice(0, quantity));
    }
    return [];
  }

  /** Counts an endorsement for every layout that wants its group; false when its payload differs from the others'. */
  accept(endorser: GatewayEndorser, response: peer.ProposalResponse): boolean {
    const group = this.#groupOf.get(endorser.address);
    // The first endorser was asked before this plan existed: it must not be asked again.
    const available = group === undefined ? [] : this.#available(group);
    const index = available.findIndex((other) => other.address === endorser.address);
    if (index >= 0) available.splice(index, 1);

    const payload = response.getPayload_asU8();
    if (this.#payload === undefined) {
      this.#payload = payload;
    } else if (!Buffer.from(this.#payload).equals(payload)) {
      this.onMismatch(endorser, this.#payload, payload);
      this.fail(endorser, 'ProposalResponsePayloads do not match');
      return false;
    }

    if (group === undefined) return true;
    for (const layout of this.#layouts.slice(this.#next)) {
      const quantity = layout?.required.get(group);
      if (layout === undefined || quantity === undefined) continue;
      layout.responses.push(response);
      if (quantity > 1) {
        layout.required.set(group, quantity - 1);
        continue;
      }
      layout.required.delete(group);
      if (layout.required.size === 0) {
        this.#completed = layout;
        return true;
      }
    }
    return true;
  }

  fail(endorser: GatewayEndorser, message: string): void {
    this.failures.push({ address: endorser.address, mspId: endorser.mspId, message });
  }

  /** Another peer of the same group to ask instead; when there is none, every layout that needs the group is given up. */
  alternativeTo(endorser: GatewayEndorser): GatewayEndorser | undefined {
    const group = this.#groupOf.get(endorser.address);
    if (group === undefined) return undefined;
    const next = this.#available(group).shift();
    if (next !== undefined) return next;
    this.#layouts = this.#layouts.map((layout, index) =>
      index >= this.#next && layout?.required.has(group) ? undefined : layout,
    );
    return undefined;
  }

  #available(group: string): GatewayEndorser[] {
    return this.#groups.get(group) ?? [];
  }
}
