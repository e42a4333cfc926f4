import { useEffect, useState } from 'react';
import type { ImportPreview } from '../../../electron/api/identity-models';
import type { RequestOf } from '../../../electron/api/operations';
import type { Problem } from '../../../electron/api/problems';
import { useClient } from '../../client/context';

const TYPING_MS = 250;

/**
 * What the core finds about what has been given so far, asked anew after each change. Not kept with other answers: the
 * question holds a private key.
 */
export function useImportPreview({
  organization,
  name,
  certificatePem,
  privateKeyPem,
}: RequestOf<'identity.check'>): { preview: ImportPreview | undefined; problem: Problem | undefined } {
  const client = useClient();
  const [preview, setPreview] = useState<ImportPreview | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  const isEmpty = certificatePem.trim() === '' && privateKeyPem.trim() === '';
  useEffect(() => {
    if (isEmpty) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      const request = { organization, name, certificatePem, privateKeyPem };
      void client.call('identity.check', request, { signal: asking.signal }).then((outcome) => {
        if (asking.signal.aborted) return;
        setPreview(outcome.ok ? outcome.value : undefined);
        setProblem(outcome.ok ? undefined : outcome.problem);
      });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [client, organization, name, certificatePem, privateKeyPem, isEmpty]);
  return isEmpty ? { preview: undefined, problem: undefined } : { preview, problem };
}
