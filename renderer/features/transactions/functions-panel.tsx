import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { SavedRequest } from '../../../electron/api/activity-models';
import type { ContractFunction } from '../../../electron/api/contract-models';
import type { ContractDetail, ContractStatus } from '../../../electron/api/models';
import { Icon } from '../../ui/icon';
import { Menu } from '../../ui/menu';
import { Resource } from '../../ui/resource';
import type { Loadable } from '../../ui/resource';
import { TextField } from '../../ui/fields';
import { SavedList } from './saved-list';

/** What can be called: the functions the contract describes, one that is typed, and saved requests. */
export function FunctionsPanel({
  contract,
  contracts,
  detail,
  selected,
  saved,
  selectedSaved,
}: {
  contract: ContractStatus;
  contracts: readonly ContractStatus[];
  detail: Loadable<ContractDetail>;
  /** As it is called; undefined: one that is typed. */
  selected: string | undefined;
  saved: Loadable<SavedRequest[]>;
  selectedSaved: string | undefined;
}) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = (name: string) => name.toLowerCase().includes(wanted);
  return (
    <nav className="panel fns" aria-label="Functions" onKeyDown={moveByArrows}>
      <ContractChoice contract={contract} contracts={contracts} />
      <div className="find" data-filter>
        <TextField
          label="Filter functions"
          hideLabel
          inputType="search"
          placeholder="Filter"
          value={filter}
          onChange={setFilter}
          onSubmit={() => document.querySelector<HTMLElement>('.fns li a')?.click()}
        />
        {filter === '' && <kbd aria-hidden="true">/</kbd>}
      </div>
      <div className="fns-lists">
        <Resource of={detail} what={`Asking ${contract.name} for its functions`} lines={8}>
          {({ functions, noFunctions }) =>
            functions === null ? (
              <p className="why-none">{noFunctions}</p>
            ) : (
              <>
                <Functions title="Submit, writes" all={functions} kind="submit" {...{ shown, selected }} />
                <Functions title="Evaluate, reads" all={functions} kind="evaluate" {...{ shown, selected }} />
              </>
            )
          }
        </Resource>
        {shown('any function') && (
          <ul className="any-function">
            <Entry search={{ free: true }} current={detail.data !== undefined && selected === undefined}>
              <Icon name="plus" small /> Any function
            </Entry>
          </ul>
        )}
        <SavedList saved={saved} contract={contract} shown={shown} selected={selectedSaved} />
      </div>
    </nav>
  );
}

function ContractChoice({
  contract,
  contracts,
}: {
  contract: ContractStatus;
  contracts: readonly ContractStatus[];
}) {
  const navigate = useNavigate({ from: '/transactions' });
  return (
    <Menu
      label={`Contract ${contract.name} on ${contract.channel}`}
      triggerClass="contract-choice"
      selected={`${contract.channel} ${contract.name}`}
      trigger={
        <>
          <Icon name="contracts" small />
          <b>{contract.name}</b>
        </>
      }
      entries={contracts.map(({ name, channel }) => ({
        id: `${channel} ${name}`,
        text: name,
        note: channel,
        onAction: () => void navigate({ search: { contract: name, channel } }),
      }))}
    />
  );
}

function Functions({
  title,
  all,
  kind,
  shown,
  selected,
}: {
  title: string;
  all: readonly ContractFunction[];
  kind: ContractFunction['kind'];
  shown: (name: string) => boolean;
  selected: string | undefined;
}) {
  const some = all.filter((one) => one.kind === kind && shown(one.call));
  if (some.length === 0) return null;
  return (
    <>
      <h2 className="section-title">{title}</h2>
      <ul>
        {some.map(({ call, description }) => (
          <Entry
            key={call}
            search={{ function: call }}
            current={call === selected}
            {...(description && { title: description })}
          >
            {call}
          </Entry>
        ))}
      </ul>
    </>
  );
}

function Entry({
  search,
  current,
  title,
  children,
}: {
  search: { function?: string; free?: true };
  current: boolean;
  title?: string;
  children: ReactNode;
}) {
  return (
    <li>
      <Link
        from="/transactions"
        to="."
        search={({ contract, channel, tab, task }) => ({ contract, channel, tab, task, ...search })}
        aria-current={current ? true : undefined}
        {...(title && { title })}
      >
        {children}
      </Link>
    </li>
  );
}

/** Up and down through all that can be chosen; Enter chooses. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('li a')];
  const at = links.findIndex((link) => link === document.activeElement);
  if (at < 0 && !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  links[Math.max(0, at + step)]?.focus();
}
