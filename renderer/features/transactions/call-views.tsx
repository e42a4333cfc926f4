import type { Identity } from '../../../electron/api/models';
import { CodeField } from '../../ui/code-field';
import { CopyButton } from '../../ui/copy-id';
import { argumentsFromJson, argumentsToJson } from './argument-json';
import { codeOf, commandOf } from './call-text';
import { argumentsOf, callOf, parametersOf } from './contract-call';
import type { Called } from './contract-call';
import type { Draft } from './draft';

/** The arguments as JSON: the same state as the form's. What can't be understood stays as it was typed. */
export function JsonArguments({
  called,
  draft,
  onChange,
}: {
  called: Called;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}) {
  const parameters = parametersOf(called);
  const text = draft.json ?? argumentsToJson(parameters, argumentsOf(called, draft));
  const untouched =
    draft.json === undefined && !draft.tried && argumentsOf(called, draft).every((arg) => arg === '');
  const { faults } = argumentsFromJson(parameters, text);
  return (
    <div className="json-edit">
      <CodeField
        label="Arguments as JSON"
        value={text}
        faults={untouched ? [] : faults}
        rows={Math.min(24, Math.max(8, text.split('\n').length + 1))}
        onChange={(typed) => {
          const { args } = argumentsFromJson(parameters, typed);
          // The text stays as it was typed; the arguments follow as soon as it says them.
          onChange(args ? { args, json: typed } : { json: typed });
        }}
      />
    </div>
  );
}

/** The same call for other tools. */
export function CallText({
  called,
  draft,
  acting,
  tab,
}: {
  called: Called;
  draft: Draft;
  acting: Identity;
  tab: 'cli' | 'typescript';
}) {
  const call = callOf(called, draft, acting.id);
  const names = draft.transient.map(({ name }) => name).filter((name) => name !== '');
  const texts =
    tab === 'cli'
      ? [
          { title: 'Submit', text: commandOf('submit', call, names) },
          { title: 'Evaluate', text: commandOf('query', call, names) },
        ]
      : [{ title: '@hyperledger/fabric-gateway', text: codeOf({ ...call, mspId: acting.mspId }, names) }];
  return (
    <>
      {texts.map(({ title, text }) => (
        <div className="json" key={title}>
          <h3 className="section-title">
            {title}{' '}
            <CopyButton text={text} what={title === 'Submit' || title === 'Evaluate' ? 'command' : 'code'} />
          </h3>
          <pre tabIndex={0} aria-label={title} className={tab === 'cli' ? undefined : 'call-text'}>
            {text}
          </pre>
        </div>
      ))}
      {names.length > 0 && (
        <p className="about quiet">
          Transient values are secrets: they come from environment variables here.
        </p>
      )}
    </>
  );
}
