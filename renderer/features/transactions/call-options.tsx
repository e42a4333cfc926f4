import type { ContractEndorsement } from '../../../electron/api/contract-models';
import { Button, IconButton } from '../../ui/button';
import { Checkbox, TextField } from '../../ui/fields';
import { OrgName } from '../../ui/organization';
import { SegmentedControl } from '../../ui/tabs';
import { Resource } from '../../ui/resource';
import type { Loadable } from '../../ui/resource';
import type { Draft } from './draft';
import { endorsementWords, neededAlways, suffices } from './endorsement-words';

/** Who endorses: whatever the policy needs, or organizations that are named. */
export function EndorsersChoice({
  endorsement,
  endorsers,
  onChange,
}: {
  endorsement: Loadable<ContractEndorsement>;
  endorsers: Draft['endorsers'];
  onChange: (endorsers: Draft['endorsers']) => void;
}) {
  return (
    <Resource of={endorsement} what="Asking who has to endorse" lines={2}>
      {(known) => (
        <div className="field" role="group" aria-label="Endorsed by">
          <span className="label">
            Endorsed by
            <span className="right">
              <SegmentedControl
                label="Who endorses"
                items={[
                  { id: 'policy', title: 'As the policy needs' },
                  { id: 'chosen', title: 'Choose' },
                ]}
                selected={endorsers === null ? 'policy' : 'chosen'}
                onSelect={(how) => onChange(how === 'policy' ? null : [...neededAlways(known)])}
              />
            </span>
          </span>
          {endorsers === null ? (
            <span className="orgs-words" title={known.policy}>
              {endorsementWords(known)}
            </span>
          ) : (
            <Chosen endorsement={known} endorsers={endorsers} onChange={onChange} />
          )}
        </div>
      )}
    </Resource>
  );
}

function Chosen({
  endorsement,
  endorsers,
  onChange,
}: {
  endorsement: ContractEndorsement;
  endorsers: readonly string[];
  onChange: (endorsers: readonly string[]) => void;
}) {
  const missing = endorsers.length > 0 && !suffices(endorsement, endorsers);
  return (
    <>
      <span className="orgs">
        {endorsement.organizations.map(({ name, mspId, running, peers }) => (
          <Checkbox
            key={mspId}
            isSelected={endorsers.includes(mspId)}
            onChange={(on) => onChange(on ? [...endorsers, mspId] : endorsers.filter((one) => one !== mspId))}
          >
            <OrgName name={name} />
            {running < peers && (
              <span className="quiet">
                {running} of {peers} peers up
              </span>
            )}
          </Checkbox>
        ))}
      </span>
      {missing && (
        <span className="hint warn" role="status">
          The policy needs {endorsementWords(endorsement)}. With these alone it is ordered and then found
          invalid.
        </span>
      )}
    </>
  );
}

/** Values the contract sees and nobody keeps. */
export function TransientData({
  transient,
  onChange,
}: {
  transient: Draft['transient'];
  onChange: (transient: Draft['transient']) => void;
}) {
  const change = (index: number, part: Partial<Draft['transient'][number]>) =>
    onChange(transient.map((entry, at) => (at === index ? { ...entry, ...part } : entry)));
  return (
    <div className="transient" role="group" aria-label="Transient data">
      <p className="row">
        <span className="soft">Transient data</span>
        <span className="quiet">{transient.length === 0 ? 'none' : 'never stored'}</span>
        <span className="right">
          <Button small kind="quiet" onPress={() => onChange([...transient, { name: '', value: '' }])}>
            Add
          </Button>
        </span>
      </p>
      {transient.map(({ name, value }, index) => (
        <div key={index} className="transient-row">
          <TextField
            label={`Name ${String(index + 1)}`}
            hideLabel
            placeholder="Name"
            monospace
            value={name}
            onChange={(changed) => change(index, { name: changed })}
          />
          <TextField
            label={`Value ${String(index + 1)}`}
            hideLabel
            placeholder="Secret value"
            inputType="password"
            value={value}
            onChange={(changed) => change(index, { value: changed })}
          />
          <IconButton
            label={`Remove transient value ${name || String(index + 1)}`}
            icon="x"
            onPress={() => onChange(transient.filter((_, at) => at !== index))}
          />
        </div>
      ))}
    </div>
  );
}
