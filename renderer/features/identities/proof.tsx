import { useState } from 'react';
import type { IdentityDetail } from '../../../electron/api/identity-models';
import { useCommand } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { useContracts } from '../../network/use-contracts';
import { useNetworkStatus } from '../../network/use-network';
import { StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Select } from '../../ui/fields';
import { formatDuration } from '../../ui/format';
import { ProblemView } from '../../ui/problem-view';

/** Every contract that was made with Fabric's API answers it, and it changes nothing. */
const HARMLESS = 'org.hyperledger.fabric:GetMetadata';

/** Has a peer of a channel check the identity's signature and rights, by an evaluation that writes nothing. */
export function Proof({ identity }: { identity: IdentityDetail }) {
  const status = useNetworkStatus().data;
  const running = status !== undefined && status.state !== 'stopped';
  const contracts = useContracts({ enabled: running });
  const evaluate = useCommand('transaction.evaluate', ['identity.usage']);
  const { refusal } = useMay('transaction.evaluate');
  const reachable = (contracts.data ?? []).filter(
    ({ channel, committed }) => committed !== null && identity.channels.includes(channel),
  );
  const [wanted, setWanted] = useState<string | null>(null);
  const contract = reachable.find(({ channel }) => channel === wanted) ?? reachable[0];
  const why =
    refusal ??
    (!running
      ? 'The network is not running.'
      : identity.channels.length === 0
        ? 'Its organization is a member of no channel.'
        : contracts.data && !contract
          ? 'No contract is committed on its channels.'
          : undefined);
  return (
    <section className="proof">
      <h3 className="section-title">Prove it on a channel</h3>
      {why ? (
        <p className="quiet">{why}</p>
      ) : (
        contract && (
          <div className="proof-row">
            <Select
              label="Channel"
              hideLabel
              choices={reachable.map(({ channel }) => ({ id: channel, text: channel }))}
              selected={contract.channel}
              onSelect={(channel) => {
                setWanted(channel);
                evaluate.reset();
              }}
            />
            <Button
              isPending={evaluate.isPending}
              onPress={() =>
                evaluate.mutate({
                  as: identity.id,
                  channel: contract.channel,
                  contract: contract.name,
                  function: HARMLESS,
                  args: [],
                })
              }
            >
              Evaluate as {identity.name}
            </Button>
          </div>
        )
      )}
      {evaluate.data && contract && (
        <p role="status">
          <StateMark tone="ok" word="Accepted." />{' '}
          <span className="soft">
            {contract.name} on {contract.channel} answered in {formatDuration(evaluate.data.durationMs)};
            nothing was written.
          </span>
        </p>
      )}
      {evaluate.error && <ProblemView problem={evaluate.error.problem} />}
    </section>
  );
}
