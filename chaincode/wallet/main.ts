import '../shared/log-level';
import { serveContract } from '../shared/serve';
import { WalletContract, VERSION } from './contract';

void serveContract(WalletContract, VERSION);
