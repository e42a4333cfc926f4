const TIME = /(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?: UTC|Z)/;
/** A line says its time at its beginning, if at all; later ones are part of the message. */
const WITHIN = 80;

/** ISO time of a log line that says one: those of Fabric's nodes and of contracts do. */
export function timeOfLine(line: string): string | null {
  const match = TIME.exec(line.slice(0, WITHIN));
  if (!match) return null;
  const time = new Date(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
