/** Hands content to whoever looks: the browser puts it where downloads go, the desktop app asks where. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; its bytes are kept by whoever took it.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
