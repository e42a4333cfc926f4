import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ConsoleClient } from '../api/client';
import { toProblem } from '../core/problem';
import * as inspect from './commands/inspect';
import * as transact from './commands/transact';
import { demo } from './commands/demo';
import { down, supervise, up } from './commands/up';
import { CommandFailed, createInvocation, withClient } from './invocation';
import type { GlobalOptions, Invocation } from './invocation';
import { createOutput } from './output';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
};
const blockNumber = (text: string): string => String(wholeNumber(text));
const list = (text: string): string[] => text.split(',').filter(Boolean);

function createProgram(): Command {
  const program = new Command('cityflow')
    .description('Runs the CityFlow network and looks inside it.')
    .option('--json', 'print one JSON document on stdout and nothing else there')
    .option('--verbose', 'print the stack of an unexpected error')
    .option('--network <name>', 'the network, by name', 'cityflow')
    .option('--topology <file>', 'the topology to start from')
    .exitOverride()
    .showHelpAfterError('(cityflow --help lists the commands)');

  /** An action that is given the invocation, then commander's arguments, and a connected client where it wants one. */
  const run =
    <A extends unknown[]>(action: (invocation: Invocation, ...args: A) => Promise<void>) =>
    (...args: A) =>
      action(createInvocation(program.opts<GlobalOptions>()), ...args);
  const withCore = <A extends unknown[]>(
    action: (invocation: Invocation, client: ConsoleClient, ...args: A) => Promise<void>,
  ) =>
    run<A>((invocation, ...args) => withClient(invocation, (client) => action(invocation, client, ...args)));

  program
    .command('up')
    .description('start the network and keep it in the foreground')
    .addOption(new Option('--runtime <runtime>', 'who runs the nodes').choices(['embedded', 'native']))
    .option('--native <nodes>', 'nodes that run the genuine program, separated by commas', list, [])
    .option('--detach', 'return when it is ready and leave it running', false)
    .action(run((invocation, options: Parameters<typeof up>[1]) => up(invocation, options)));
  program.command('supervise', { hidden: true }).action(run((invocation) => supervise(invocation)));
  program
    .command('down')
    .description('stop the network and keep its data')
    .option('--purge', 'delete its keys and ledgers too', false)
    .action(withCore((invocation, client, options: { purge: boolean }) => down(invocation, client, options)));
  program
    .command('status')
    .description('nodes, health, channels and contracts')
    .action(withCore((invocation, client) => inspect.status(invocation, client)));

  const nodes = program.command('nodes').description('the nodes of the network');
  nodes.command('list').action(withCore((invocation, client) => inspect.listNodes(invocation, client)));
  for (const verb of ['start', 'stop', 'restart', 'kill'] as const) {
    nodes
      .command(`${verb} <node>`)
      .action(
        withCore((invocation, client, node: string) => inspect.changeNode(invocation, client, verb, node)),
      );
  }
  program
    .command('logs <node>')
    .description('the log of a node')
    .option('--follow', 'go on as lines come', false)
    .option('--tail <lines>', 'how many of the last lines', wholeNumber, 100)
    .action(
      withCore((invocation, client, node: string, options: { follow: boolean; tail: number }) =>
        inspect.logs(invocation, client, node, options),
      ),
    );

  const channels = program.command('channels').description('the channels and their members');
  channels.command('list').action(withCore((invocation, client) => inspect.listChannels(invocation, client)));
  channels
    .command('show <channel>')
    .action(
      withCore((invocation, client, channel: string) => inspect.showChannel(invocation, client, channel)),
    );

  const contracts = program.command('contracts').description('the contracts, declared and committed');
  contracts
    .command('list')
    .action(withCore((invocation, client) => inspect.listContracts(invocation, client)));
  contracts
    .command('show <contract>')
    .action(withCore((invocation, client, name: string) => inspect.showContract(invocation, client, name)));
  contracts
    .command('deploy <contract>')
    .description('install, approve and commit what the topology declares')
    .action(
      withCore((invocation, client, name: string) => transact.deployContract(invocation, client, name)),
    );

  const identities = program.command('identities').description('the identities of the wallet');
  identities
    .command('list')
    .action(withCore((invocation, client) => inspect.listIdentities(invocation, client)));
  program
    .command('env <identity>')
    .description('the exports with which the genuine commands act as ORG/NAME')
    .action(
      withCore((invocation, client, identity: string) => inspect.environment(invocation, client, identity)),
    );
  program
    .command('profile')
    .description('connection profiles')
    .command('export <organization>')
    .action(withCore((invocation, client, name: string) => inspect.exportProfile(invocation, client, name)));

  for (const [name, action, description] of [
    ['query', transact.query, 'evaluate a function: nothing is written'],
    ['submit', transact.submit, 'submit a transaction and wait until it is committed'],
  ] as const) {
    program
      .command(`${name} <function> [args...]`)
      .description(description)
      .requiredOption('--as <identity>', 'ORG/NAME')
      .requiredOption('--channel <channel>')
      .requiredOption('--contract <contract>')
      .action(
        withCore(
          (
            invocation,
            client,
            functionName: string,
            args: string[],
            options: { as: string; channel: string; contract: string },
          ) => action(invocation, client, { ...options, function: functionName, args }),
        ),
      );
  }

  program
    .command('blocks <channel>')
    .description('blocks with their transactions (default: the last ten)')
    .option('--from <number>', 'first block', blockNumber)
    .option('--to <number>', 'last block', blockNumber)
    .action(
      withCore((invocation, client, channel: string, options: { from?: string; to?: string }) =>
        transact.blocks(invocation, client, { channel, ...options }),
      ),
    );
  program
    .command('tx <channel> <transactionId>')
    .description('one transaction whole')
    .action(
      withCore((invocation, client, channel: string, id: string) =>
        transact.transaction(invocation, client, channel, id),
      ),
    );
  program
    .command('verify <channel>')
    .description('check the chain of a channel on all its peers')
    .action(withCore((invocation, client, channel: string) => transact.verify(invocation, client, channel)));
  program
    .command('money')
    .description('check that issued = balances + held + income')
    .action(withCore((invocation, client) => transact.money(invocation, client)));
  program
    .command('demo')
    .description('the main job in one go')
    .addOption(new Option('--runtime <runtime>', 'who runs the nodes').choices(['embedded', 'native']))
    .option('--native <nodes>', 'nodes that run the genuine program, separated by commas', list, [])
    .action(run((invocation, options: Parameters<typeof demo>[1]) => demo(invocation, options)));
  return program;
}

async function main(): Promise<void> {
  const program = createProgram();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      return;
    }
    const options = program.opts<GlobalOptions>();
    createOutput({ json: options.json ?? false, verbose: options.verbose ?? false }).problem(
      error instanceof CommandFailed ? error.problem : toProblem(error),
    );
    if (options.verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

void main();
