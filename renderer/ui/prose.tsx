/** Text as the core writes it: what stands between backticks is a command, a file or a name, and looks like one. */
export function Prose({ text }: { text: string }) {
  const parts = text.split('`');
  // An odd one out is no pair: then it is text.
  if (parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}</>;
}
