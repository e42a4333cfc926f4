import { runNode } from '../node/process';
import { readConfiguration } from './configuration';
import { startOrderer } from './orderer';

runNode(async () => startOrderer(await readConfiguration()));
