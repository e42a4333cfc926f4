import '../shared/log-level';
import { serveContract } from '../shared/serve';
import { UserContract, VERSION } from './contract';

void serveContract(UserContract, VERSION);
