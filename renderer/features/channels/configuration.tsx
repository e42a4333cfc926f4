import type { ChannelDetail, NetworkStatus } from '../../../electron/api/models';
import { organizationOfMsp } from '../../network/membership';
import { useContracts } from '../../network/use-contracts';
import { StateMark } from '../../ui/badge';
import { CopyId } from '../../ui/copy-id';
import { formatBytes, formatDuration, plural } from '../../ui/format';
import { OrgName } from '../../ui/organization';
import { Facts, Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { Empty, Waiting } from '../../ui/waiting';
import type { MatrixChannel } from './matrix';
import { PolicyTable } from './policies';
import { policyInWords } from './policy-words';

/** What the channel's last configuration block holds, and the contract its members agreed on. */
export function Configuration({
  status,
  channel: { name, detail },
}: {
  status: NetworkStatus;
  channel: MatrixChannel;
}) {
  const nameOf = (mspId: string) => organizationOfMsp(status, mspId);
  if (!detail) return <Waiting what={`Reading the configuration of ${name}`} lines={8} />;
  return (
    <div className="body channel-configuration">
      <Panel title="Members" note="and their anchor peers">
        <table aria-label="Members">
          <thead>
            <tr>
              <th scope="col">Organization</th>
              <th scope="col">MSP</th>
              <th scope="col">Anchor peers</th>
            </tr>
          </thead>
          <tbody>
            {detail.organizations.map((organization) => (
              <tr key={organization.mspId}>
                <td>
                  <OrgName name={nameOf(organization.mspId)} />
                </td>
                <td className="mono soft">{organization.mspId}</td>
                <td className="mono wraps">{organization.anchorPeers.join(', ') || 'none'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title="Ordering" note="when a block is cut">
        <div className="pad">
          <Facts items={orderingFacts(detail)} />
        </div>
      </Panel>
      <Contract channel={name} nameOf={nameOf} />
      <Panel title="Capabilities" note="what every node of the channel has to be able to do">
        <div className="pad">
          <Facts
            items={[
              ['Channel', detail.capabilities.channel.join(', ') || 'none'],
              ['Orderer', detail.capabilities.orderer.join(', ') || 'none'],
              ['Application', detail.capabilities.application.join(', ') || 'none'],
              [
                'Hash of the genesis block',
                detail.genesisHash ? <CopyId id={detail.genesisHash} what="hash" /> : 'not known',
              ],
            ]}
          />
        </div>
      </Panel>
      <PolicyTable status={status} channel={name} policies={detail.policies} />
    </div>
  );
}

const orderingFacts = ({ blockCutting: cut, ordererEndpoints }: ChannelDetail) =>
  [
    ['Batch timeout', `${formatDuration(cut.batchTimeoutMs)} after the first transaction`],
    ['Most in a block', plural(cut.maxMessageCount, 'transaction')],
    ['Preferred size', `up to ${formatBytes(cut.preferredMaxBytes)}`],
    ['Absolute size', `never above ${formatBytes(cut.absoluteMaxBytes)}`],
    ['Orderers', <span className="mono">{ordererEndpoints.join(', ')}</span>],
  ] as const;

function Contract({ channel, nameOf }: { channel: string; nameOf: (mspId: string) => string }) {
  const contracts = useContracts();
  return (
    <Panel title="Contract" note="its definition, as committed on this channel">
      <Resource of={contracts} what="Asking for the committed definition">
        {(all) => {
          const contract = all.find((candidate) => candidate.channel === channel);
          if (!contract) return <Empty title="The topology declares no contract here" />;
          const { committed } = contract;
          if (!committed) {
            return (
              <Empty
                title={`${contract.name} is not committed`}
                command={`cityflow contracts deploy ${contract.name}`}
              >
                Its organizations have not agreed on a definition yet.
              </Empty>
            );
          }
          return (
            <div className="pad">
              <Facts
                items={[
                  ['Name', <b className="strong">{contract.name}</b>],
                  ['Version', `${committed.version}, sequence ${committed.sequence}`],
                  [
                    'Endorsed by',
                    <span className="wraps">{policyInWords(committed.endorsement, nameOf)}</span>,
                  ],
                  ['Policy', <code className="wraps">{committed.endorsement}</code>],
                  ['Package', <CopyId id={contract.packageId} what="package id" />],
                  ['Approved by', <Approvals of={committed.approvals} nameOf={nameOf} />],
                ]}
              />
            </div>
          );
        }}
      </Resource>
    </Panel>
  );
}

function Approvals({
  of,
  nameOf,
}: {
  of: Readonly<Record<string, boolean>>;
  nameOf: (mspId: string) => string;
}) {
  return (
    <span className="approvals wraps">
      {Object.entries(of).map(([mspId, approved]) => (
        <StateMark
          key={mspId}
          tone={approved ? 'ok' : 'idle'}
          word={approved ? nameOf(mspId) : `${nameOf(mspId)} has not approved`}
        />
      ))}
    </span>
  );
}
