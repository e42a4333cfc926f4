import '../shared/log-level';
import { serveContract } from '../shared/serve';
import { ParkingContract, VERSION } from './contract';

void serveContract(ParkingContract, VERSION);
