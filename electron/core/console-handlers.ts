import type { consoleOperations } from '../api/console-operations';
import type { Handlers } from './dispatcher';
import type { IdentityStore } from './ports/fabric';
import type { NetworkHost } from './ports/network-host';
import type { AuditLog } from './ports/records';
import type { Wallet } from './ports/wallet';
import type { ContractEndorsementService } from './services/contract-endorsement';
import type { ContractsService } from './services/contracts';
import { requireIdentity, usageOf } from './services/identities';
import type { MetricSeriesService } from './services/metric-series';
import type { NodeDetailService } from './services/node-details';
import { requireChannel } from './services/network-status';
import type { NodeImpactService } from './services/node-impact';
import type { SavedRequestsService } from './services/saved-requests';
import type { SettingsService } from './services/settings';
import type { TransactionsService } from './services/transactions';

interface Services {
  readonly host: NetworkHost;
  readonly audit: AuditLog;
  readonly settings: SettingsService;
  readonly identities: IdentityStore;
  readonly wallet: Wallet;
  readonly metrics: MetricSeriesService;
  readonly details: NodeDetailService;
  readonly impact: NodeImpactService;
  readonly transactions: TransactionsService;
  readonly contracts: ContractsService;
  readonly endorsement: ContractEndorsementService;
  readonly saved: SavedRequestsService;
  /** Throws NETWORK_NOT_RUNNING. */
  requireRunning(): Promise<void>;
}

/** What the console needs beyond the command line. */
export function consoleHandlers(services: Services): Pick<Handlers, keyof typeof consoleOperations> {
  const { audit, settings, identities, wallet, metrics, details, impact, transactions, saved } = services;
  return {
    'audit.list': async ({ limit = 100, ...filter }) => ({
      entries: await audit.list({ limit, ...filter }),
      problem: audit.problem,
    }),
    'metrics.catalogue': () => Promise.resolve(metrics.catalogue()),
    'metrics.series': (request) => metrics.series(request),
    'node.show': ({ node }) => details.show(node),
    'node.logLevel': ({ node }) => details.logLevel(node),
    'node.setLogLevel': ({ node, spec, returnAfterSeconds }) =>
      details.setLogLevel(node, spec, returnAfterSeconds),
    'logs.search': (request, { signal }) => details.search(request, signal),
    'node.impact': ({ node, action }) => impact.impact(node, action),
    'identity.show': ({ identity }) => wallet.show(identity),
    'identity.usage': async () => usageOf(await transactions.list({ limit: Infinity })),
    'identity.authorities': () => wallet.authorities(),
    'identity.check': ({ organization, name, certificatePem, privateKeyPem }) =>
      wallet.check({ organization, name, certificatePem, privateKeyPem }),
    'identity.import': ({ organization, name, certificatePem, privateKeyPem }) =>
      wallet.import({ organization, name, certificatePem, privateKeyPem }),
    'identity.issue': ({ organization, name, role = 'client', attributes = {} }) =>
      wallet.issue({ organization, name, role, attributes }),
    'identity.exportCertificate': async ({ identity }) => {
      const { id, organization, name } = await requireIdentity(identities, identity);
      return {
        fileName: `${name}-${organization}-cert.pem`,
        certificatePem: await wallet.certificate(id),
      };
    },
    'identity.remove': async ({ identity }) => {
      const { id } = await requireIdentity(identities, identity);
      await wallet.remove(id);
      return { removed: id };
    },
    'transaction.run': async (call, { signal }, progress) => {
      const { id } = await requireIdentity(identities, call.as);
      requireChannel(services.host.declared(), call.channel);
      await services.requireRunning();
      return transactions.run({ ...call, as: id }, signal, progress);
    },
    'transaction.history': (filter) => transactions.list(filter),
    'transaction.saved': () => saved.list(),
    'transaction.save': (request) => saved.save(request),
    'transaction.forget': ({ id }) => saved.remove(id),
    'contract.endorsement': async ({ contract }) => {
      const declared = services.contracts.require(contract);
      await services.requireRunning();
      return services.endorsement.show(declared);
    },
    'settings.get': () => settings.get(),
    'settings.set': (change) => settings.set(change),
  };
}
