/**
 * JSON on lines of their own, two spaces a level, its tokens as they stand: a number of 64 bits keeps all its digits,
 * which reading it as a number would not.
 *
 * @param text valid JSON
 */
export function layOutJson(text: string): string {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const indent = () => '  '.repeat(depth);
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    switch (token) {
      case '{':
      case '[':
        line += token;
        lines.push(line);
        depth += 1;
        line = indent();
        break;
      case '}':
      case ']':
        depth -= 1;
        if (line.trim() === '' && /[{[]$/.test(lines.at(-1) ?? '')) line = `${lines.pop() ?? ''}${token}`;
        else {
          lines.push(line);
          line = indent() + token;
        }
        break;
      case ',':
        lines.push(`${line},`);
        line = indent();
        break;
      case ':':
        line += ': ';
        break;
      default:
        line += token;
    }
  }
  lines.push(line);
  return lines.join('\n');
}
