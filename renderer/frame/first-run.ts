import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { NetworkStatus, TaskModel } from '../../electron/api/models';
import { useTasks } from '../client/use-task';
import { useNetworkStatus } from '../network/use-network';

/** A console that opens on a network which was never started, or is being started, has nothing to show but that. */
export const opensOnConnect = (status: NetworkStatus, tasks: readonly TaskModel[]): boolean =>
  status.state !== 'running' &&
  (status.runtime === null ||
    tasks.some(({ operation, state }) => operation === 'network.up' && state === 'running'));

/** Decided once, when both are first known, and only where nobody asked for a view. */
export function useFirstRun(): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const status = useNetworkStatus().data;
  const tasks = useTasks().tasks;
  const isDecided = useRef(false);
  useEffect(() => {
    if (isDecided.current || !status || !tasks) return;
    isDecided.current = true;
    if (pathname === '/' && opensOnConnect(status, tasks)) void navigate({ to: '/connect', replace: true });
  }, [navigate, pathname, status, tasks]);
}
