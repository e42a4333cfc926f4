import type { TaskModel } from '../../electron/api/models';

const words: Readonly<Record<string, string>> = {
  'network.up': 'Starting the network',
  'contract.deploy': 'Deploying a contract',
  'ledger.verify': 'Verifying a ledger',
  'money.verify': 'Verifying that money is conserved',
  'demo.run': 'Running the demo',
};

/** What a task is about. The core owns operations, the console their words; a title of its own goes before them. */
export const taskTitle = ({ title, operation }: TaskModel): string =>
  title === operation ? (words[operation] ?? operation) : title;
