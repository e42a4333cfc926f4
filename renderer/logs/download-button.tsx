import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../electron/api/problems';
import { saveFile } from '../client/save-file';
import { useClient } from '../client/context';
import { Button, IconButton } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { formatNumber, plural } from '../ui/format';
import { ProblemView } from '../ui/problem-view';
import { useToast } from '../ui/toast';
import { logFileName, readMergedLog, readWholeLog } from './whole-log';

/** All that is kept of a node's log, or of several merged by time, as a file. */
export function DownloadButton({ nodes }: { nodes: readonly string[] }) {
  const client = useClient();
  const toast = useToast();
  const [progress, setProgress] = useState<number | undefined>(undefined);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const download = async () => {
    const abort = new AbortController();
    running.current = abort;
    setProgress(0);
    const [only] = nodes;
    const whole =
      nodes.length === 1 && only !== undefined
        ? await readWholeLog(client, only, setProgress, abort.signal)
        : await readMergedLog(client, nodes, setProgress, abort.signal);
    if (abort.signal.aborted) return;
    setProgress(undefined);
    if ('blob' in whole) {
      const what = nodes.length === 1 ? (only ?? '') : `${String(nodes.length)} nodes`;
      saveFile(logFileName(what, new Date()), whole.blob);
      toast(`What ${what} wrote was saved: ${plural(whole.lines, 'line')}.`);
    } else setProblem(whole);
  };
  const cancel = () => {
    running.current?.abort();
    setProgress(undefined);
  };
  return (
    <>
      {progress === undefined ? (
        <IconButton
          label={nodes.length === 1 ? 'Download the whole log' : 'Download the whole logs, merged'}
          icon="download"
          onPress={() => void download()}
        />
      ) : (
        <Button small kind="quiet" icon="x" onPress={cancel}>
          Cancel at {formatNumber(progress)}
        </Button>
      )}
      <Dialog
        title="The log could not be read"
        isOpen={problem !== undefined}
        onClose={() => setProblem(undefined)}
      >
        {problem && <ProblemView problem={problem} />}
        <footer>
          <Button onPress={() => setProblem(undefined)}>Close</Button>
        </footer>
      </Dialog>
    </>
  );
}
