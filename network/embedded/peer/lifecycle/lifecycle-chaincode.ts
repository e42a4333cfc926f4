import { peer } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../../../protocol/wire';
import type { PeerContext } from '../channel';
import type { AccessControl } from '../endorser/access-control';
import { messageOf } from '../../../protocol/cause';
import { failure, success, type SystemChaincode } from '../system/system-chaincode';
import type { SystemStub } from '../system/system-stub';
import { approveForMyOrg, queryApproved } from './approve';
import type { ChaincodeInfo } from './chaincode-info';
import { checkCommitReadiness, commitDefinition } from './commit';
import { NamespaceNotDefined, queryDefinition, queryDefinitions } from './definition-queries';
import { InstalledPackages } from './installed-queries';
import type { LifecycleInvocation } from './invocation';
import type { PackageStore } from './package-store';
import { LIFECYCLE_NAMESPACE } from '../../../protocol/lifecycle/state';

const args = peer.lifecycle;

interface Answer {
  serializeBinary(): Uint8Array;
}

type LifecycleFunction = (input: Uint8Array, invocation: LifecycleInvocation) => Promise<Answer>;

/** `_lifecycle`: installing packages, approving and committing definitions (core/chaincode/lifecycle/scc.go). */
export class LifecycleChaincode implements SystemChaincode {
  readonly name = LIFECYCLE_NAMESPACE;
  readonly #context: PeerContext;
  readonly #accessControl: AccessControl;
  readonly #functions: ReadonlyMap<string, LifecycleFunction>;

  constructor(
    context: PeerContext,
    accessControl: AccessControl,
    packages: PackageStore,
    info: ChaincodeInfo,
  ) {
    this.#context = context;
    this.#accessControl = accessControl;
    const installed = new InstalledPackages(packages, info, () => context.channels());
    this.#functions = new Map<string, LifecycleFunction>([
      peerFunction('InstallChaincode', args.InstallChaincodeArgs, (input) => installed.install(input)),
      peerFunction('QueryInstalledChaincode', args.QueryInstalledChaincodeArgs, (input) =>
        installed.queryInstalled(input),
      ),
      peerFunction('QueryInstalledChaincodes', args.QueryInstalledChaincodesArgs, () =>
        installed.queryAllInstalled(),
      ),
      peerFunction('GetInstalledChaincodePackage', args.GetInstalledChaincodePackageArgs, (input) =>
        installed.getPackage(input),
      ),
      channelFunction(
        'ApproveChaincodeDefinitionForMyOrg',
        args.ApproveChaincodeDefinitionForMyOrgArgs,
        approveForMyOrg,
      ),
      channelFunction(
        'QueryApprovedChaincodeDefinition',
        args.QueryApprovedChaincodeDefinitionArgs,
        queryApproved,
      ),
      channelFunction('CheckCommitReadiness', args.CheckCommitReadinessArgs, checkCommitReadiness),
      channelFunction('CommitChaincodeDefinition', args.CommitChaincodeDefinitionArgs, commitDefinition),
      channelFunction('QueryChaincodeDefinition', args.QueryChaincodeDefinitionArgs, queryDefinition),
      channelFunction('QueryChaincodeDefinitions', args.QueryChaincodeDefinitionsArgs, queryDefinitions),
    ]);
  }

  async invoke(stub: SystemStub): Promise<peer.Response> {
    const [functionArg, input] = stub.args;
    if (functionArg === undefined) return failure('lifecycle scc must be invoked with arguments');
    if (input === undefined || stub.args.length !== 2) {
      return failure(
        `lifecycle scc operations require exactly two arguments but received ${stub.args.length}`,
      );
    }
    const name = Buffer.from(functionArg).toString('utf8');
    const channel = stub.channelId === '' ? undefined : this.#context.channel(stub.channelId);
    if (stub.channelId !== '' && channel === undefined) {
      return failure(`could not get channelconfig for channel '${stub.channelId}'`);
    }
    try {
      this.#accessControl.check(`${this.name}/${name}`, stub.channelId, stub.signedProposal);
    } catch (cause) {
      return failure(`Failed to authorize invocation due to failed ACL check: ${messageOf(cause)}`);
    }
    const run = this.#functions.get(name);
    try {
      if (run === undefined) throw new Error(`receiver *lifecycle.Invocation.${name} does not exist`);
      const invocation = { stub, mspId: this.#context.localMsp.mspId, config: channel?.config() };
      return success((await run(input, invocation)).serializeBinary());
    } catch (cause) {
      if (cause instanceof NamespaceNotDefined) return failure(cause.message, 404);
      return failure(`failed to invoke backing implementation of '${name}': ${messageOf(cause)}`);
    }
  }
}

interface ArgsType<T> {
  deserializeBinary(bytes: Uint8Array): T;
}

function channelFunction<T>(
  name: string,
  type: ArgsType<T>,
  run: (invocation: LifecycleInvocation, input: T) => Promise<Answer>,
): [string, LifecycleFunction] {
  return [name, (input, invocation) => run(invocation, decodeArgs(name, type, input))];
}

function peerFunction<T>(
  name: string,
  type: ArgsType<T>,
  run: (input: T) => Promise<Answer>,
): [string, LifecycleFunction] {
  return [name, (input) => run(decodeArgs(name, type, input))];
}

function decodeArgs<T>(name: string, type: ArgsType<T>, input: Uint8Array): T {
  try {
    return decodeMessage(type, input, name);
  } catch (cause) {
    throw new Error(
      `could not decode input arg for *lifecycle.Invocation.${name}: proto: cannot parse invalid wire-format data`,
      { cause },
    );
  }
}
