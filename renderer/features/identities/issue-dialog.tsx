import { useState } from 'react';
import type { Authority } from '../../../electron/api/identity-models';
import { useCommand, useOperation } from '../../client/use-operation';
import { actAs, useActingIdentity } from '../../network/acting';
import { useIdentities } from '../../network/use-network';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Checkbox, Select, TextField } from '../../ui/fields';
import { formatDate } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import { SegmentedControl } from '../../ui/tabs';
import { useToast } from '../../ui/toast';

interface IssueDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Hears the id of what was issued. */
  readonly onDone: (identity: string) => void;
}

export function IssueDialog({ isOpen, onClose, onDone }: IssueDialogProps) {
  const authorities = useOperation('identity.authorities', {}, { enabled: isOpen });
  return (
    <Dialog title="Issue an identity" isOpen={isOpen} onClose={onClose} wide>
      <Resource of={authorities} what="Looking at the organizations’ CAs" lines={5}>
        {(all) => <IssueForm authorities={all} onClose={onClose} onDone={onDone} />}
      </Resource>
    </Dialog>
  );
}

interface Attribute {
  readonly row: number;
  readonly name: string;
  readonly value: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/;

function IssueForm({
  authorities,
  onClose,
  onDone,
}: { authorities: readonly Authority[] } & Omit<IssueDialogProps, 'isOpen'>) {
  const acting = useActingIdentity();
  const [organization, setOrganization] = useState(
    acting?.organization ?? authorities[0]?.organization ?? '',
  );
  const [name, setName] = useState('');
  const [role, setRole] = useState<'client' | 'admin'>('client');
  const [attributes, setAttributes] = useState<readonly Attribute[]>([{ row: 0, name: 'role', value: '' }]);
  const [act, setAct] = useState(true);
  const issue = useCommand('identity.issue', ['identity.list']);
  const toast = useToast();
  const identities = useIdentities().data ?? [];
  const authority = authorities.find((one) => one.organization === organization);
  const taken = identities.some(({ id }) => id.toLowerCase() === `${organization}/${name}`.toLowerCase());
  const nameError =
    name === ''
      ? undefined
      : !NAME.test(name)
        ? 'Letters, digits, dots and hyphens, at most 64, a letter or digit first.'
        : taken
          ? `There is an identity ${organization}/${name} already.`
          : undefined;
  const given = attributes.filter((attribute) => attribute.name.trim() !== '' && attribute.value !== '');
  const attributeError = attributeProblem(attributes);
  const used = usedRoles(identities);
  const submit = () =>
    issue.mutate(
      {
        organization,
        name,
        role,
        attributes: Object.fromEntries(given.map((one) => [one.name.trim(), one.value])),
      },
      {
        onSuccess: ({ id }) => {
          if (act) actAs(id);
          toast(act ? `${id} was issued; you act as it now.` : `${id} was issued.`);
          onDone(id);
        },
      },
    );
  return (
    <>
      <div className="issue">
        <Select
          label="Organization"
          choices={authorities.map((one) => ({
            id: one.organization,
            text: one.organization,
            content: (
              <>
                <OrgTile name={one.organization} />
                {one.organization}
              </>
            ),
            note: one.problem ? 'CA not usable here' : one.name,
          }))}
          selected={organization}
          onSelect={setOrganization}
        />
        {authority?.problem && (
          <ProblemView
            problem={{ code: 'KEY_UNUSABLE', retryable: false, sources: [], ...authority.problem }}
          />
        )}
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          placeholder="desk-2"
          error={nameError}
          autoFocus
          hint={authority && `The certificate’s common name will be ${name || 'NAME'}@${authority.domain}.`}
        />
        <div className="field">
          <span className="label">Role in the organization</span>
          <SegmentedControl
            label="Role in the organization"
            items={[
              { id: 'client', title: 'Client' },
              { id: 'admin', title: 'Admin' },
            ]}
            selected={role}
            onSelect={setRole}
          />
          <span className="hint">
            {role === 'client'
              ? 'May send transactions. What it may do in a contract is the contract’s affair: see the attributes.'
              : 'May change channels, approve contracts and ask nodes for anything, for the whole organization.'}
          </span>
        </div>
        <AttributeRows rows={attributes} onChange={setAttributes} error={attributeError} used={used} />
        {authority?.expires && (
          <p className="soft">
            Signed by {authority.name}, valid from now until {formatDate(authority.expires)}. Its key is made
            here, stays here and is encrypted at rest.
          </p>
        )}
        <Checkbox isSelected={act} onChange={setAct}>
          Act as it afterwards
        </Checkbox>
        {issue.error && <ProblemView problem={issue.error.problem} />}
      </div>
      <footer>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          kind="primary"
          isDisabled={
            name === '' || (nameError ?? attributeError) !== undefined || authority?.problem !== null
          }
          isPending={issue.isPending}
          onPress={submit}
        >
          {name === '' ? 'Issue' : `Issue ${organization}/${name}`}
        </Button>
      </footer>
    </>
  );
}

function AttributeRows({
  rows,
  onChange,
  error,
  used,
}: {
  rows: readonly Attribute[];
  onChange: (rows: readonly Attribute[]) => void;
  error: string | undefined;
  /** Values of `role` that identities of this network have. */
  used: readonly string[];
}) {
  const change = (row: number, part: Partial<Attribute>) =>
    onChange(rows.map((attribute) => (attribute.row === row ? { ...attribute, ...part } : attribute)));
  return (
    <fieldset className="attribute-rows">
      <legend>Attributes</legend>
      {rows.map(({ row, name, value }, index) => (
        <div key={row} className="attribute-row">
          <TextField
            label={`Name of attribute ${index + 1}`}
            hideLabel
            monospace
            placeholder="name"
            value={name}
            onChange={(text) => change(row, { name: text })}
          />
          <TextField
            label={`Value of attribute ${index + 1}`}
            hideLabel
            monospace
            placeholder={name === 'role' && used[0] ? used[0] : 'value'}
            value={value}
            onChange={(text) => change(row, { value: text })}
          />
          <IconButton
            label={`Remove attribute ${index + 1}`}
            icon="x"
            onPress={() => onChange(rows.filter((attribute) => attribute.row !== row))}
          />
        </div>
      ))}
      <Button
        small
        icon="plus"
        onPress={() =>
          onChange([...rows, { row: Math.max(-1, ...rows.map(({ row }) => row)) + 1, name: '', value: '' }])
        }
      >
        Add an attribute
      </Button>
      <span className={error ? 'hint bad' : 'hint'} role={error ? 'alert' : undefined}>
        {error ??
          `Contracts read them.${used.length > 0 ? ` Identities of this network have role ${used.join(', ')}.` : ''}`}
      </span>
    </fieldset>
  );
}

function attributeProblem(rows: readonly Attribute[]): string | undefined {
  const names = rows.map(({ name }) => name.trim()).filter(Boolean);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) return `${twice} stands here twice.`;
  if (names.some((name) => name.startsWith('hf.'))) return 'Names that begin with hf. are Fabric’s own.';
  const nameless = rows.some(({ name, value }) => name.trim() === '' && value !== '');
  return nameless ? 'A value without a name.' : undefined;
}

const usedRoles = (identities: readonly { attributes: Readonly<Record<string, string>> }[]): string[] => [
  ...new Set(identities.flatMap(({ attributes }) => attributes['role'] ?? [])),
];
