import { Option } from 'commander';
import type { Command } from 'commander';
import type { ConsoleClient } from '../api/client';
import * as wallet from './commands/identities';
import { listIdentities } from './commands/inspect';
import type { Invocation } from './invocation';
import { nameValue } from './name-value';

/** Makes a command's action of one that wants a connected client before commander's arguments. */
export type WithCore = <A extends unknown[]>(
  action: (invocation: Invocation, client: ConsoleClient, ...args: A) => Promise<void>,
) => (...args: A) => Promise<void>;

const IDENTITY = 'ORG/NAME, such as ParkingOperator/operator';
export function addIdentityCommands(program: Command, withCore: WithCore): void {
  const identities = program
    .command('identities')
    .description('the identities you can act as: list, show, issue, import, export, remove');
  identities
    .command('list')
    .description('every identity with role, attributes and expiry')
    .action(withCore((invocation, client) => listIdentities(invocation, client)));
  identities
    .command('show')
    .description('all that an identity’s certificate says, and where its key is')
    .argument('<identity>', IDENTITY)
    .action(withCore((invocation, client, identity: string) => wallet.show(invocation, client, identity)));
  identities
    .command('issue')
    .description('have the CA of an organization issue one more; its key is kept encrypted')
    .argument('<identity>', IDENTITY)
    .addOption(
      new Option('--role <role>', 'its role in the organization')
        .choices(['client', 'admin'])
        .default('client'),
    )
    .option(
      '--attribute <name=value>',
      'what contracts read of it; may be given several times',
      nameValue,
      {},
    )
    .action(
      withCore((invocation, client, identity: string, options: wallet.IssueOptions) =>
        wallet.issue(invocation, client, identity, options),
      ),
    );
  identities
    .command('import')
    .description('take in a certificate and its key; what is wrong with them is said line by line')
    .requiredOption('--certificate <file>', 'PEM; its key may stand in the same file')
    .option('--key <file>', 'PEM, not encrypted: the wallet encrypts it')
    .option('--organization <name>', 'default: whose CA issued it')
    .option('--name <name>', 'default: as in the certificate')
    .action(
      withCore((invocation, client, options: wallet.ImportOptions) =>
        wallet.importIdentity(invocation, client, options),
      ),
    );
  identities
    .command('export')
    .description('print its certificate; the key stays here')
    .argument('<identity>', IDENTITY)
    .action(
      withCore((invocation, client, identity: string) =>
        wallet.exportCertificate(invocation, client, identity),
      ),
    );
  identities
    .command('remove')
    .description('delete an identity that was issued or imported here, its key included')
    .argument('<identity>', IDENTITY)
    .action(withCore((invocation, client, identity: string) => wallet.remove(invocation, client, identity)));
}
