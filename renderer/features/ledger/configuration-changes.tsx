import type { LedgerConfiguration } from '../../../electron/api/ledger-models';
import { textOf } from './ledger-words';
import { lineDifference } from './line-difference';
import type { Place } from './part';
import { DiffLines } from './diff-lines';
import { Rest } from './content-view';

const words = {
  first: 'The first configuration of the channel: nothing was before it.',
  previous: 'Held against the configuration that was in force before.',
  update: 'As the update says it: what stood there before could not be read.',
} as const;

/** What a configuration changes in the one before it. */
export function ConfigurationChanges({
  configuration: { comparedWith, changes },
  place,
}: {
  configuration: LedgerConfiguration;
  place: Place;
}) {
  return (
    <>
      <p className="lg-lifecycle">
        {words[comparedWith]}
        {comparedWith !== 'first' && changes.length === 0 && ' Nothing in it differs.'}
        {comparedWith === 'first' && ' JSON shows it whole.'}
      </p>
      {changes.map(({ path, kind, before, after }, index) => (
        <article key={index} className="lg-key">
          <h4>
            <code>{path.join(' / ')}</code>
            <span className="lg-version">{kind}</span>
          </h4>
          <DiffLines
            lines={
              before && after
                ? lineDifference(textOf(before), textOf(after))
                : [
                    ...(before
                      ? textOf(before)
                          .split('\n')
                          .map((text) => ({ kind: 'removed' as const, text }))
                      : []),
                    ...(after
                      ? textOf(after)
                          .split('\n')
                          .map((text) => ({ kind: 'added' as const, text }))
                      : []),
                  ]
            }
          />
          {after && <Rest content={after} place={place} label={path.join(' / ')} />}
        </article>
      ))}
    </>
  );
}
