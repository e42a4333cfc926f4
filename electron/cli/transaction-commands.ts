import type { Command } from 'commander';
import * as transact from './commands/transact';
import type { WithCore } from './identity-commands';
import { nameValue } from './name-value';

/** Calls of contracts: `query` writes nothing, `submit` waits until it is committed. */
export function addTransactionCommands(program: Command, withCore: WithCore): void {
  for (const [name, action, description] of [
    ['query', transact.query, 'evaluate a function: nothing is written'],
    ['submit', transact.submit, 'submit a transaction and wait until it is committed'],
  ] as const) {
    const command = program
      .command(name)
      .description(description)
      .argument('<function>', 'one that `cityflow contracts show` lists')
      .argument('[args...]', 'its arguments in order; after -- also those that begin with a dash')
      .requiredOption('--as <identity>', 'who calls: ORG/NAME, as `cityflow identities list` shows them')
      .requiredOption('--channel <channel>', 'the channel the contract is on')
      .requiredOption('--contract <contract>', 'the name of the contract')
      .option('--transient <name=value>', 'reaches the contract and no ledger; repeatable', nameValue, {})
      .action(
        withCore((invocation, client, functionName: string, args: string[], options: CallOptions) => {
          const { endorser, ...call } = options;
          return action(invocation, client, {
            ...call,
            function: functionName,
            args,
            ...(endorser && { endorsingOrganizations: endorser }),
          });
        }),
      );
    if (name === 'submit') {
      command.option(
        '--endorser <MSP id>',
        'an organization that must endorse; repeatable (default: whatever the policy needs)',
        (value: string, before: string[] = []) => [...before, value],
      );
    }
  }
}

interface CallOptions {
  readonly as: string;
  readonly channel: string;
  readonly contract: string;
  readonly transient: Record<string, string>;
  readonly endorser?: string[];
}
