import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { runtimeSchema } from '../api/models';
import type { ConsoleClient } from '../api/client';
import { problem, toProblem } from '../core/problem';
import type { Output } from './output';
import * as inspect from './commands/inspect';
import * as ledger from './commands/ledger';
import * as transact from './commands/transact';
import { demo } from './commands/demo';
import { makeDiagnostics } from './commands/diagnostics';
import type { DiagnosticsRequest } from './commands/diagnostics';
import type { ServeRequest } from './commands/serve';
import { down, supervise, up } from './commands/up';
import type { UpRequest } from './commands/up';
import { addIdentityCommands } from './identity-commands';
import { CommandFailed, createInvocation, withClient } from './invocation';
import type { GlobalOptions, Invocation } from './invocation';
import { createOutput } from './output';
import { addTransactionCommands } from './transaction-commands';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
};
const portNumber = (text: string): number => {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
};
const blockNumber = (text: string): string => String(wholeNumber(text));
/** What commander says of a wrong command line; told at the end, as text or as a problem. */
const usage: string[] = [];
const list = (text: string): string[] => text.split(',').filter(Boolean);

/** It becomes a folder, which `down --purge` deletes: no way out of the home folder may hide in it. */
const networkName = (text: string): string => {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/i.test(text))
    throw new InvalidArgumentError('It must consist of letters, digits and dashes.');
  return text;
};

const runtimeOption = () =>
  new Option(
    '--runtime <runtime>',
    'what the nodes are: "embedded", programs of this project; "native", genuine Fabric programs; ' +
      '"docker", containers; default: as its ledgers were made, at first embedded',
  ).choices(runtimeSchema.options);
const nativeOption = () =>
  new Option('--native <nodes>', 'these nodes run genuine Fabric, the others embedded; separated by commas')
    .argParser(list)
    .default([], 'none');

const NODE = 'its name, whole or the beginning up to a dot, such as "orderer"';

function createProgram(): Command {
  const program = new Command('cityflow')
    .description('Runs the CityFlow network and looks inside it.')
    .option('--json', 'print one JSON document on stdout and nothing else there')
    .option('--verbose', 'print the stack of an unexpected error')
    .addOption(
      new Option('--network <name>', 'which network, where you keep several')
        .default('cityflow')
        .argParser(networkName),
    )
    .option(
      '--topology <file>',
      'start from this topology instead of the shipped one, and keep to it from then on',
    )
    .exitOverride()
    .showHelpAfterError('(cityflow --help lists the commands)')
    .configureOutput({ writeErr: (text) => usage.push(text) });

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
    .addOption(runtimeOption())
    .addOption(nativeOption())
    .option('--detach', 'return when it is ready and leave it running')
    .action(
      run((invocation, options: Omit<UpRequest, 'detach'> & { detach?: boolean }) =>
        up(invocation, { ...options, detach: options.detach ?? false }),
      ),
    );
  program.command('supervise', { hidden: true }).action(run((invocation) => supervise(invocation)));
  program
    .command('down')
    .description('stop the network and keep its data')
    .option('--purge', 'delete its keys and ledgers too, after naming them; this cannot be undone')
    .option('--yes', 'with --purge on a terminal: do not ask')
    .action(
      run((invocation, { purge = false, yes = false }: { purge?: boolean; yes?: boolean }) =>
        down(invocation, { purge, ask: !yes && process.stdin.isTTY && process.stderr.isTTY }),
      ),
    );
  program
    .command('status')
    .description('nodes, health, channels and contracts')
    .action(withCore((invocation, client) => inspect.status(invocation, client)));

  const nodes = program
    .command('nodes')
    .description(
      'the nodes of the network: list, start, stop, restart, kill, pause, resume, remove, recreate, exec',
    );
  nodes
    .command('list')
    .description('every node with its state, health and heights')
    .action(withCore((invocation, client) => inspect.listNodes(invocation, client)));
  for (const [verb, description] of [
    ['start', 'start one node of a network that is up'],
    ['stop', 'end one node in good order; the others go on'],
    ['restart', 'stop one node, then start it'],
    ['kill', 'end one node at once, as a crash would'],
    ['pause', 'let one node stand still: it keeps its ports and answers nothing'],
    ['resume', 'let a paused node go on'],
    ['remove', 'stop one node and remove its container; its ledger stays'],
    ['recreate', 'make the container of one node anew, as the topology has it; its ledger stays'],
  ] as const) {
    nodes
      .command(verb)
      .description(description)
      .argument('<node>', NODE)
      .action(
        withCore((invocation, client, node: string) => inspect.changeNode(invocation, client, verb, node)),
      );
  }
  nodes
    .command('exec')
    .description('run a command in the container of a node')
    .argument('<node>', NODE)
    .argument('<command...>', 'after --, such as `-- peer version`')
    .action(
      withCore((invocation, client, node: string, command: string[]) =>
        inspect.exec(invocation, client, node, command),
      ),
    );
  program
    .command('logs')
    .description('the log of a node, also when it is stopped')
    .argument('<node>', NODE)
    .option('--follow', 'go on as lines come, until Ctrl-C')
    .option('--tail <lines>', 'how many of the last lines', wholeNumber, 100)
    .action(
      withCore((invocation, client, node: string, options: { follow?: boolean; tail: number }) =>
        inspect.logs(invocation, client, node, { ...options, follow: options.follow ?? false }),
      ),
    );

  const channels = program.command('channels').description('the channels: list, show');
  channels
    .command('list')
    .description('every channel with height, contract and members')
    .action(withCore((invocation, client) => inspect.listChannels(invocation, client)));
  channels
    .command('show')
    .description('one channel: its peers, anchor peers, block cutting and policies')
    .argument('<channel>', 'its name')
    .action(
      withCore((invocation, client, channel: string) => inspect.showChannel(invocation, client, channel)),
    );

  const contracts = program.command('contracts').description('the contracts: list, show, deploy');
  contracts
    .command('list')
    .description('every contract as the topology declares it and as its channel has committed it')
    .action(withCore((invocation, client) => inspect.listContracts(invocation, client)));
  contracts
    .command('show')
    .description('one contract with its functions and their arguments')
    .argument('<contract>', 'its name')
    .action(withCore((invocation, client, name: string) => inspect.showContract(invocation, client, name)));
  contracts
    .command('deploy')
    .description('install, approve and commit what the topology declares, as far as it is missing')
    .argument('<contract>', 'its name')
    .action(
      withCore((invocation, client, name: string) => transact.deployContract(invocation, client, name)),
    );

  addIdentityCommands(program, withCore);
  program
    .command('diagnostics')
    .description(
      'make an archive for whoever helps with a fault: versions, states, logs; no keys, no secrets',
    )
    .option('--output <file>', 'where it is written (default: its own name, here)')
    .option('--list', 'only say what it would hold')
    .action(
      withCore((invocation, client, options: DiagnosticsRequest) =>
        makeDiagnostics(invocation, client, options),
      ),
    );
  program
    .command('env')
    .description(
      'what to set in a shell so that the genuine `peer` and `osnadmin` commands act as an identity',
    )
    .argument('<identity>', 'ORG/NAME, such as ParkingOperator/Admin')
    .action(
      withCore((invocation, client, identity: string) => inspect.environment(invocation, client, identity)),
    );
  program
    .command('profile')
    .description('connection profiles: export')
    .command('export')
    .description('print the connection profile of an organization, for SDKs')
    .argument('<organization>', 'its name in the topology')
    .action(withCore((invocation, client, name: string) => inspect.exportProfile(invocation, client, name)));

  addTransactionCommands(program, withCore);
  program
    .command('blocks')
    .description('blocks with their transactions (default: the last ten), or one block whole')
    .argument('<channel>', 'its name')
    .argument('[block]', 'its number, or its header hash')
    .option('--from <number>', 'first block', blockNumber)
    .option('--to <number>', 'last block', blockNumber)
    .action(
      withCore(
        (
          invocation,
          client,
          channel: string,
          block: string | undefined,
          range: { from?: string; to?: string },
        ) =>
          block === undefined
            ? ledger.blocks(invocation, client, { channel, ...range })
            : ledger.block(invocation, client, channel, block),
      ),
    );
  program
    .command('tx')
    .description('one transaction whole: arguments, reads, writes, endorsements, why it is invalid')
    .argument('<channel>', 'its name')
    .argument(
      '<transaction>',
      'its id, as `submit` and `blocks --json` show it; or BLOCK:POSITION, for one without an id of its own',
    )
    .option('--part <name>', 'write the bytes of this part to stdout: envelope, json, or a named value')
    .action(
      withCore((invocation, client, channel: string, wanted: string, options: { part?: string }) =>
        options.part === undefined
          ? ledger.transaction(invocation, client, channel, wanted)
          : ledger.part(invocation, client, channel, wanted, options.part),
      ),
    );
  program
    .command('verify')
    .description(
      'decide a whole channel again: hashes, signatures, certificates, the outcome of every transaction; and that all its peers have the same. `--json` has how each check is made',
    )
    .argument('<channel>', 'its name')
    .action(withCore((invocation, client, channel: string) => transact.verify(invocation, client, channel)));
  program
    .command('money')
    .description('check that no money was lost or made: issued = balances + held + income')
    .action(withCore((invocation, client) => transact.money(invocation, client)));
  program
    .command('demo')
    .description(
      'start the network where it is not running, then show it at work: a user parks, charges and pays; ' +
        'someone is refused; two collide; all is verified',
    )
    .addOption(runtimeOption())
    .addOption(nativeOption())
    .action(run((invocation, options: Parameters<typeof demo>[1]) => demo(invocation, options)));
  program
    .command('serve')
    .description('the console in the browser, until Ctrl-C; starts the network too')
    .option('--no-network', 'leave the network as it is')
    .option('--viewer-link', 'print a second link, for someone who may only look', false)
    .option('--port <port>', 'where it listens (default: as in the topology)', portNumber)
    .option('--host <host>', 'any other than this machine’s own needs TLS and a user', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate, PEM; the console answers under the names in it')
    .option('--tls-key <file>', 'its private key, PEM')
    .option('--user <name>', 'who may sign in by password')
    .option('--password-file <file>', 'their password, readable by you alone')
    .addOption(runtimeOption())
    .addOption(nativeOption())
    .action(
      run(async (invocation, options: ServeRequest) =>
        (await import('./commands/serve')).serve(invocation, options),
      ),
    );
  return program;
}

function outputOf(program: Command): Output {
  const options = program.opts<GlobalOptions>();
  // A command line that could not be parsed to its end may not have got as far as --json.
  return createOutput({
    json: options.json ?? process.argv.includes('--json'),
    verbose: options.verbose ?? false,
  });
}

/** Prints what failed; its stack only where it was asked for. */
function tell(output: Output, error: unknown): void {
  output.problem(error instanceof CommandFailed ? error.problem : toProblem(error));
  if (output.verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
}

/** With --json a wrong command line is a problem like any other; otherwise commander's own words. */
function tellUsage(output: Output, error: CommanderError): void {
  if (!output.json || error.code === 'commander.help') {
    process.stderr.write(usage.join(''));
    return;
  }
  output.problem(
    problem('BAD_REQUEST', {
      title: 'The command line is wrong.',
      detail: error.message.replace(/^error: /, ''),
      hint: '`cityflow --help` lists the commands, `cityflow COMMAND --help` what one takes.',
    }).problem,
  );
}

/** A reader that has gone (`| head`, a closed terminal) is no failure; a full disk behind `>` is. */
function watchStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') return;
      if (stream === process.stdout)
        process.stderr.write(`The output could not be written: ${error.message}\n`);
      process.exitCode = EXIT_FAILED;
    });
  }
}

async function main(): Promise<void> {
  watchStreams();
  const program = createProgram();
  process.on('uncaughtException', (error) => {
    tell(outputOf(program), error);
    process.exit(EXIT_FAILED);
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      if (error.exitCode !== 0) tellUsage(outputOf(program), error);
      return;
    }
    tell(outputOf(program), error);
    process.exitCode = EXIT_FAILED;
  }
}

void main();
