const PER_LINE = 16;

/** Offset, sixteen bytes, and the characters that show: as `hexdump -C` writes it. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += PER_LINE) {
    const line = [...bytes.subarray(offset, offset + PER_LINE)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0'));
    const half = (from: number) => hex.slice(from, from + PER_LINE / 2).join(' ');
    const text = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const columns = `${half(0)}  ${half(PER_LINE / 2)}`.padEnd(PER_LINE * 3);
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${columns}  ${text}`);
  }
  return lines.join('\n');
}
