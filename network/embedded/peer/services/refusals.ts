import {
  status as Code,
  type Server,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { discovery, gossip, peer } from '@hyperledger/fabric-protos';

/**
 * Services of a genuine peer this one does not offer: each call is refused as a genuine node refuses a service that
 * is switched off.
 */
export function refuseAbsentServices(server: Server): void {
  for (const definition of [discovery.DiscoveryService, peer.SnapshotService, gossip.GossipService]) {
    server.addService(definition, refusing(definition));
  }
}

function refusing(definition: ServiceDefinition): UntypedServiceImplementation {
  const implementation: UntypedServiceImplementation = {};
  for (const [name, { path, responseStream }] of Object.entries(definition)) {
    implementation[name] = refusal(path.split('/')[1] ?? '', responseStream);
  }
  return implementation;
}

function refusal(service: string, responseStream: boolean): UntypedHandleCall {
  const error = { code: Code.UNIMPLEMENTED, details: `unknown service ${service}` };
  if (responseStream) {
    return (call: { emit(event: 'error', error: object): unknown }) => {
      call.emit('error', error);
    };
  }
  return (_: unknown, callback: (error: object) => void) => callback(error);
}
