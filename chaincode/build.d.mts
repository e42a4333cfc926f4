export const contractNames: string[];
export function buildContracts(outFolder: string): Promise<void>;
