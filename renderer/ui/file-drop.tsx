import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import type { ReactNode } from 'react';
import { Button } from './button';

/** Takes files that are dropped onto what stands inside. */
export function FileDrop({
  label,
  onFiles,
  children,
}: {
  label: string;
  onFiles: (files: readonly File[]) => void;
  children: ReactNode;
}) {
  return (
    <DropZone
      className="file-drop"
      aria-label={label}
      onDrop={({ items }) => {
        const files = items.flatMap((item) => (item.kind === 'file' ? [item.getFile()] : []));
        void Promise.all(files).then(onFiles);
      }}
    >
      {children}
    </DropZone>
  );
}

/** Opens the system's own dialog for files. */
export function FileButton({
  children,
  accept,
  multiple = false,
  onFiles,
}: {
  children: ReactNode;
  /** Endings with their dot, or media types. */
  accept: readonly string[];
  multiple?: boolean;
  onFiles: (files: readonly File[]) => void;
}) {
  return (
    <FileTrigger
      acceptedFileTypes={[...accept]}
      allowsMultiple={multiple}
      onSelect={(files) => files && onFiles([...files])}
    >
      <Button small icon="download">
        {children}
      </Button>
    </FileTrigger>
  );
}
