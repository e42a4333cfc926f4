import type { DoctorCheck } from '../../api/connect-models';
import type { DeclaredNode } from '../../core/ports/network-host';
import { failed, ok, skipped, warning } from './findings';

const PROBE_MS = 3_000;
/** The header `Date` has whole seconds. */
const RESOLUTION_MS = 1_000;
const NOTICEABLE_MS = 5_000;
/** A peer refuses requests whose time differs more (peer.authentication.timewindow). */
const REFUSED_MS = 15 * 60_000;

/** How a node's clock stands to this machine's, by the date of what its operations endpoint answers. */
export async function clockFinding(
  node: DeclaredNode,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<DoctorCheck> {
  if (node.operations === null) return skipped('clock', 'It has no endpoint that says its time.');
  if (!isRunning) return skipped('clock', 'It can only be asked while it runs.');
  const asked = Date.now();
  let date: string | null;
  try {
    const response = await fetch(`http://${node.operations}/healthz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    });
    await response.arrayBuffer();
    date = response.headers.get('date');
  } catch (error) {
    signal.throwIfAborted();
    return failed(
      'clock',
      `Its operations endpoint ${node.operations} does not answer (${error instanceof Error ? error.message : String(error)}).`,
      'Metrics and health come from there too: look at its log.',
    );
  }
  return date === null
    ? skipped('clock', 'Its operations endpoint does not say the time.')
    : skewFinding(Date.parse(date), asked, Date.now());
}

/** @param said what the node said, whole seconds; it was asked between `from` and `to` */
export function skewFinding(said: number, from: number, to: number): DoctorCheck {
  const ahead = said - to;
  const behind = from - (said + RESOLUTION_MS);
  const skew = Math.max(0, ahead, behind);
  const words = `${Math.round(skew / 1000)} s ${ahead > behind ? 'ahead of' : 'behind'} this machine’s`;
  if (skew >= REFUSED_MS) {
    return failed(
      'clock',
      `Its clock is ${words}: it refuses what is signed here.`,
      'Set both by a time server.',
    );
  }
  if (skew >= NOTICEABLE_MS) {
    return warning(
      'clock',
      `Its clock is ${words}.`,
      'Set both by a time server; from 15 min on it refuses requests.',
    );
  }
  return ok('clock', 'Its clock is this machine’s, to the second.');
}
