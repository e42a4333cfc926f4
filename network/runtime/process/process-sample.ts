import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What the operating system says of one process. */
export interface ProcessSample {
  /** Tells this process from another one that got the same id later. */
  readonly startedAt: string;
  /** Stopped by a signal (SIGSTOP); it keeps its ports and answers nothing. */
  readonly paused: boolean;
  /** Processor time used since its start. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** @returns undefined when no such process runs, or where the platform offers no way to tell */
export function sampleProcess(pid: number): Promise<ProcessSample | undefined> {
  if (process.platform === 'linux') return sampleOnLinux(pid);
  if (process.platform === 'win32') return Promise.resolve(undefined);
  return sampleByPs(pid);
}

/** Ticks of /proc/PID/stat: USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

async function sampleOnLinux(pid: number): Promise<ProcessSample | undefined> {
  try {
    const boot = await bootId();
    // These are answered from memory: waiting for them on another thread would cost ten times the work.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    // The program's name may hold spaces and brackets: fields are counted after the last bracket (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', utime = '0', stime = '0', started = ''] = [
      fields[0],
      fields[11],
      fields[12],
      fields[19],
    ];
    if (state === 'Z' || state === 'X') return undefined;
    const residentKilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    return {
      startedAt: `${boot}/${started}`,
      paused: state === 'T' || state === 't',
      cpuSeconds: (Number(utime) + Number(stime)) / ticksPerSecond,
      residentBytes: residentKilobytes * 1024,
    };
  } catch {
    // The folder vanishes with the process, also between two reads.
    return undefined;
  }
}

let knownBootId: Promise<string> | undefined;

/** Start times count from the boot, so they mean nothing after another one. */
function bootId(): Promise<string> {
  knownBootId ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((id) => id.trim());
  return knownBootId;
}

async function sampleByPs(pid: number): Promise<ProcessSample | undefined> {
  try {
    const run = promisify(execFile);
    const { stdout } = await run('ps', ['-o', 'state=,rss=,time=,lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C' },
    });
    const [state = '', rss = '0', time = '0', ...started] = stdout.trim().split(/\s+/);
    if (state === '' || state.startsWith('Z')) return undefined;
    const cpuSeconds = time.split(':').reduce((total, part) => total * 60 + Number(part), 0);
    return {
      startedAt: started.join(' '),
      paused: state.startsWith('T'),
      cpuSeconds,
      residentBytes: Number(rss) * 1024,
    };
  } catch {
    return undefined;
  }
}
