/** Chaincodes that are part of every peer. `lscc` counts as one, though its legacy lifecycle is not offered here. */
const SYSTEM_CHAINCODES: ReadonlySet<string> = new Set(['_lifecycle', 'cscc', 'qscc', 'lscc']);

/** Version of every system chaincode, whatever the peer's release (core/scc/scc.go SysCCVersion). */
export const SYSTEM_CHAINCODE_VERSION = 'syscc';

export function isSystemChaincode(name: string): boolean {
  return SYSTEM_CHAINCODES.has(name);
}

/** The id under which the peer itself knows a system chaincode, as in its metrics. */
export function systemChaincodeId(name: string): string {
  return `${name}.${SYSTEM_CHAINCODE_VERSION}`;
}
