export function wireDigest(root: string): string;
