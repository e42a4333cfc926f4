import type { NodeTab } from './search';

export const tabTitles: Record<NodeTab, { title: string; short: string }> = {
  summary: { title: 'Summary', short: 'Summary' },
  logs: { title: 'Logs', short: 'Logs' },
  stats: { title: 'Stats', short: 'Stats' },
  metrics: { title: 'Metrics', short: 'Metrics' },
  configuration: { title: 'Configuration', short: 'Config' },
  environment: { title: 'Environment', short: 'Env' },
};
