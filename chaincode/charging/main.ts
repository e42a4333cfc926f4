import '../shared/log-level';
import { serveContract } from '../shared/serve';
import { ChargingContract, VERSION } from './contract';

void serveContract(ChargingContract, VERSION);
