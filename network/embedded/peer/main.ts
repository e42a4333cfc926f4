import { runNode } from '../node/process';
import { readConfiguration } from './configuration';
import { startPeer } from './peer';

runNode(() => startPeer(readConfiguration()));
