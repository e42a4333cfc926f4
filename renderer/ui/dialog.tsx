import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '../../electron/api/problems';
import { Button } from './button';
import { TextField } from './fields';
import { ProblemView } from './problem-view';

/** Holds the focus until it is closed; Esc closes; the focus then returns to where it came from. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  alert = false,
  wide = false,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  alert?: boolean;
  /** `widest`: two columns. */
  wide?: boolean | 'widest';
}) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={!alert}
    >
      <Modal className={wide ? `dialog wide ${wide === 'widest' ? 'widest' : ''}` : 'dialog'}>
        <AriaDialog role={alert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Takes the focus before the dialog would take it for itself. */
function CancelButton({ onPress }: { onPress: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <Button ref={button} onPress={onPress}>
      Cancel
    </Button>
  );
}

/**
 * Asks before something that cannot be taken back, or that others will feel. The focus stands on Cancel. With
 * `typeToConfirm`, that name has to be typed first.
 */
export function ConfirmDialog({
  title,
  children,
  action,
  isOpen,
  onConfirm,
  onClose,
  typeToConfirm,
  isPending = false,
  problem,
}: {
  title: string;
  /** What will happen, what will still work. */
  children: ReactNode;
  /** The verb and the thing: "Stop orderer". */
  action: string;
  isOpen: boolean;
  onConfirm: () => void;
  onClose: () => void;
  typeToConfirm?: { readonly label: string; readonly name: string };
  isPending?: boolean;
  problem?: Problem | undefined;
}) {
  const [typed, setTyped] = useState('');
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={close} alert>
      <div className="dialog-body">{children}</div>
      {typeToConfirm && (
        <TextField
          label={typeToConfirm.label}
          value={typed}
          onChange={setTyped}
          placeholder={typeToConfirm.name}
          monospace
        />
      )}
      {problem && <ProblemView problem={problem} />}
      <footer>
        <CancelButton onPress={close} />
        <Button
          kind="destroy"
          onPress={onConfirm}
          isPending={isPending}
          isDisabled={typeToConfirm !== undefined && typed !== typeToConfirm.name}
        >
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
