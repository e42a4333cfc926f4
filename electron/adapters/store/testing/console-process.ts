import { storeFaults } from '../../../core/fake-records';
import { AuditFile } from '../audit-file';
import { SavedRequestsFile } from '../saved-requests';
import { SettingsFile } from '../settings-file';
import { storeFiles } from '../store-files';
import { TransactionHistoryFile } from '../transaction-history';
import { anEntry, aRecord, aRequest } from './records';

/** One of two consoles on a home: writes as much as it can. Arguments: home, its name, how often. */
const [home = '', name = '', count = ''] = process.argv.slice(2);
const files = storeFiles(home, 'testnet');
const faults = storeFaults();
const audit = new AuditFile(files.audit, faults.of('audit'), 100_000);
const history = new TransactionHistoryFile(files.history, faults.of('history'), 100);
const saved = new SavedRequestsFile(files.saved, faults.of('history'));
const settings = new SettingsFile(files.settings, faults.of('settings'));

const each = async (work: (index: number) => Promise<unknown>) => {
  for (let index = 1; index <= Number(count); index++) await work(index);
};

Promise.all([
  each((index) => audit.append(anEntry(`${name}${index}`))),
  each((index) => history.append(aRecord(`${name}${index}`))),
  each(async (index) => {
    await saved.add(aRequest(`${name}${index}`));
    if (index % 2 === 0) await saved.remove(`${name}${index}`);
  }),
  each((index) =>
    settings.change(name === 'a' ? { historyCalls: 100 + index } : { metricsRangeMinutes: index }),
  ),
]).then(
  async () => process.stdout.write(JSON.stringify(await faults.list())),
  (error: unknown) => {
    throw error;
  },
);
