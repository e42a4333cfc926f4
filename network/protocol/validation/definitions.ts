import {
  committedDefinition,
  implicitCollectionOwner,
  type ChaincodeDefinition,
} from '../lifecycle/definition';
import { LIFECYCLE_NAMESPACE, type NamespacedReader } from '../lifecycle/state';
import { staticCollection } from './channel-policies';

/** The committed definitions of a channel, each read once until a block changes one. */
export class CommittedDefinitions {
  readonly #known = new Map<string, Promise<ChaincodeDefinition | undefined>>();

  constructor(private readonly state: NamespacedReader) {}

  get(chaincode: string): Promise<ChaincodeDefinition | undefined> {
    let definition = this.#known.get(chaincode);
    if (definition === undefined) {
      definition = committedDefinition(this.state, chaincode);
      this.#known.set(chaincode, definition);
      definition.catch(() => this.#known.delete(chaincode));
    }
    return definition;
  }

  /** Blocks for which a collection's values are kept; 0 for ever, as implicit collections are. */
  async blockToLive(chaincode: string, collection: string): Promise<number> {
    if (chaincode === LIFECYCLE_NAMESPACE || implicitCollectionOwner(collection) !== undefined) return 0;
    const definition = await this.get(chaincode);
    return (definition && staticCollection(definition, collection)?.getBlockToLive()) ?? 0;
  }

  /** To be called when a block wrote to `_lifecycle`. */
  forget(): void {
    this.#known.clear();
  }
}
