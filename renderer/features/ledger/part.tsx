import { useMutation, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ConsoleClient } from '../../../electron/api/client';
import { useClient } from '../../client/context';
import { valueOf } from '../../client/problem-failure';
import type { ProblemFailure } from '../../client/problem-failure';
import { saveFile } from '../../client/save-file';
import { Button } from '../../ui/button';
import { StateMark } from '../../ui/badge';

/** Where a transaction stands. */
export interface Place {
  readonly channel: string;
  readonly block: string;
  readonly position: number;
}

export interface Part {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the whole part. */
  readonly size: number;
}

/** @param most bytes to read; the rest is left out */
async function readPart(
  client: ConsoleClient,
  place: Place,
  part: string,
  most: number,
  signal?: AbortSignal,
): Promise<Part> {
  let bytes = new Uint8Array(0);
  for (;;) {
    const request = { ...place, part, offset: bytes.length };
    const { size, base64 } = valueOf(
      await client.call('ledger.part', request, signal ? { signal } : undefined),
    );
    const piece = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const whole = new Uint8Array(bytes.length + piece.length);
    whole.set(bytes);
    whole.set(piece, bytes.length);
    bytes = whole;
    if (bytes.length >= Math.min(size, most) || piece.length === 0) return { bytes, size };
  }
}

/** The beginning of a part, asked for when it is looked at. */
export function usePart(place: Place, part: string, most: number): UseQueryResult<Part, ProblemFailure> {
  const client = useClient();
  return useQuery<Part, ProblemFailure>({
    queryKey: ['ledger.part', place, part, most],
    queryFn: ({ signal }) => readPart(client, place, part, most, signal),
    structuralSharing: false,
  });
}

/** Saves a part whole, as the bytes it is. */
export function DownloadPart({ place, part, label }: { place: Place; part: string; label: string }) {
  const client = useClient();
  const save = useMutation<void, ProblemFailure>({
    mutationFn: async () => {
      const { bytes } = await readPart(client, place, part, Infinity);
      saveFile(`${place.channel}-${place.block}-${place.position}-${part}.bin`, new Blob([bytes]));
    },
  });
  return (
    <>
      <Button
        small
        icon="download"
        isPending={save.isPending}
        aria-label={`Save it whole: ${label}`}
        onPress={() => save.mutate()}
      >
        Save it whole
      </Button>
      {save.error && <StateMark tone="danger" word={save.error.problem.title} />}
    </>
  );
}
