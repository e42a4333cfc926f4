import type { LedgerTransactionModel } from '../../../electron/api/ledger-models';
import { CopyId } from '../../ui/copy-id';
import { formatBytes, plural } from '../../ui/format';
import { Facts, Panel } from '../../ui/panel';
import { ContentView } from './content-view';
import type { Place } from './part';
import { Signer } from './signer';

/** Who vouched for what it did; of a configuration, who agreed to it. */
export function Endorsements({ transaction }: { transaction: LedgerTransactionModel }) {
  const { actions, configuration } = transaction;
  const signed = configuration
    ? configuration.signatures.map(({ signer, signature }) => ({ identity: signer, signature }))
    : actions.flatMap(({ endorsements }) =>
        endorsements.map(({ endorser, signature }) => ({ identity: endorser, signature })),
      );
  return (
    <Panel
      title={configuration ? 'Agreed to by' : 'Endorsements'}
      note={plural(signed.length, 'signature')}
      className="lg-endorsements"
    >
      <div className="lg-scroll" tabIndex={0} role="group" aria-label="Signatures">
        {signed.length === 0 && <p className="pad quiet">Nobody’s signature stands with it.</p>}
        {signed.map(({ identity, signature }, index) => (
          <Signer key={index} identity={identity} signature={signature} />
        ))}
      </div>
    </Panel>
  );
}

/** What the client signed and sent, in bytes. */
export function Fingerprints({ transaction, place }: { transaction: LedgerTransactionModel; place: Place }) {
  const { creator, nonce, signature, size, actions } = transaction;
  const [action] = actions;
  return (
    <Panel title="Envelope" note={formatBytes(size)} className="lg-grow">
      <div className="lg-scroll" tabIndex={0} role="group" aria-label="Envelope">
        <div className="lg-facts">
          <Facts
            items={[
              ['Nonce', nonce ? <CopyId id={nonce} what="nonce" /> : 'none'],
              [
                'Signature',
                signature ? <CopyId id={signature} what="signature" /> : <span className="quiet">none</span>,
              ],
              ...(action?.proposalHash
                ? ([['Proposal', <CopyId id={action.proposalHash} what="proposal hash" />]] as const)
                : []),
              ...(creator?.serialNumber
                ? ([['Certificate', <CopyId id={creator.serialNumber} what="serial number" />]] as const)
                : []),
            ]}
          />
        </div>
        {action?.response && action.response.payload.kind !== 'empty' && (
          <div className="lg-returned">
            <h3 className="section-title">Returned</h3>
            <ContentView content={action.response.payload} place={place} label="what it returned" />
          </div>
        )}
      </div>
    </Panel>
  );
}
