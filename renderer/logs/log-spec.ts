/** Levels a specification may name, in lower or in upper case throughout (common/flogging/levels.go). */
const LEVELS = [
  'payload',
  'debug',
  'info',
  'notice',
  'warning',
  'warn',
  'error',
  'critical',
  'dpanic',
  'panic',
  'fatal',
];

const isLevel = (word: string): boolean =>
  LEVELS.includes(word.toLowerCase()) && (word === word.toLowerCase() || word === word.toUpperCase());

/** What is wrong with a logging specification and what would be right; undefined where nothing is. */
export function specMistake(spec: string): string | undefined {
  if (spec.trim() === '') return 'Name a level: info, for example.';
  if (/\s/.test(spec)) return 'A specification has no spaces.';
  for (const segment of spec.split(':')) {
    const [left = '', right, ...rest] = segment.split('=');
    if (right === undefined) {
      if (left !== '' && !isLevel(left)) {
        return `“${left}” is no level. Levels are debug, info, warning, error, panic, fatal.`;
      }
      continue;
    }
    if (rest.length > 0) return `“${segment}” has more than one “=”.`;
    if (left === '') return `“${segment}” names no logger before the “=”.`;
    if (!isLevel(right)) {
      return `“${right}” is no level. Levels are debug, info, warning, error, panic, fatal.`;
    }
    const wrong = left
      .split(',')
      .find((logger) => !/^[A-Za-z0-9_#:-]+(\.[A-Za-z0-9_#:-]+)*\.?$/.test(logger));
    if (wrong !== undefined) return `“${wrong}” is no name of a logger, as in gossip.privdata.`;
  }
  return undefined;
}

export interface SpecPreset {
  readonly title: string;
  readonly spec: string;
  readonly of: 'all' | 'peer' | 'orderer';
}

/** What somebody looks for, and the loggers that say it. */
export const specPresets: readonly SpecPreset[] = [
  { title: 'As usual', spec: 'info', of: 'all' },
  { title: 'Only warnings', spec: 'warning', of: 'all' },
  { title: 'Everything', spec: 'debug', of: 'all' },
  { title: 'Chaincode', spec: 'chaincode,endorser=debug:info', of: 'peer' },
  { title: 'Gateway', spec: 'gateway=debug:info', of: 'peer' },
  { title: 'Gossip', spec: 'gossip=debug:info', of: 'peer' },
  { title: 'Ledger', spec: 'kvledger,lockbasedtxmgr,stateleveldb,valimpl=debug:info', of: 'peer' },
  { title: 'Validation', spec: 'vscc,committer.txvalidator,policies=debug:info', of: 'peer' },
  { title: 'Ordering', spec: 'orderer=debug:info', of: 'orderer' },
  { title: 'Policies', spec: 'policies,msp,cauthdsl=debug:info', of: 'orderer' },
  { title: 'gRPC', spec: 'grpc,comm.grpc=debug:info', of: 'all' },
];
