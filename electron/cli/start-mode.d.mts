export function electronBinary(
  root: string,
  environment: NodeJS.ProcessEnv,
): { binary: string } | { missing: string };

export function startMode(start: {
  root: string;
  args: readonly string[];
  environment: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
}): { mode: 'desktop'; binary: string; args: string[] } | { mode: 'browser'; reason: string; args: string[] };

export function desktopEnvironment(environment: NodeJS.ProcessEnv, node: string): NodeJS.ProcessEnv;
