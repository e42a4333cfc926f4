import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../electron/api/problems';
import { useClient } from '../client/context';
import { Button, IconButton } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { formatNumber } from '../ui/format';
import { ProblemView } from '../ui/problem-view';
import { useToast } from '../ui/toast';
import { logFileName, readWholeLog, saveFile } from './whole-log';

/** All that is kept of a node's log, as a file. */
export function DownloadButton({ node }: { node: string }) {
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
    const whole = await readWholeLog(client, node, setProgress, abort.signal);
    if (abort.signal.aborted) return;
    setProgress(undefined);
    if ('blob' in whole) {
      saveFile(logFileName(node, new Date()), whole.blob);
      toast(`The log of ${node} was saved: ${formatNumber(whole.lines)} lines.`);
    } else setProblem(whole);
  };
  const cancel = () => {
    running.current?.abort();
    setProgress(undefined);
  };
  return (
    <>
      {progress === undefined ? (
        <IconButton label="Download the whole log" icon="download" onPress={() => void download()} />
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
