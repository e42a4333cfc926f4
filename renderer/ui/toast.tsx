import { createContext, use, useCallback, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { IconButton } from './button';
import { Icon } from './icon';

const SHOWN_MS = 5_000;

interface Toast {
  readonly id: number;
  readonly text: string;
}

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Says that something succeeded elsewhere. Failures stand in place instead, as problems. */
export const useToast = (): ((text: string) => void) => use(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (text: string) => {
      const id = ++lastId.current;
      setToasts((all) => [...all.slice(-2), { id, text }]);
      setTimeout(() => dismiss(id), SHOWN_MS);
    },
    [dismiss],
  );
  const region = useMemo(
    () => (
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text }) => (
          <div key={id} className="toast">
            <span className="state ok">
              <Icon name="check" />
            </span>
            {text}
            <IconButton label="Dismiss" icon="x" onPress={() => dismiss(id)} />
          </div>
        ))}
      </div>
    ),
    [toasts, dismiss],
  );
  return (
    <ToastContext value={show}>
      {children}
      {region}
    </ToastContext>
  );
}
