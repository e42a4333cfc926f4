import type { Command } from './registry';

/** Commands that hold all typed words, those whose title begins with them first. */
export function findCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = commands.flatMap((command) => {
    const title = command.title.toLowerCase();
    const text = `${title} ${command.section.toLowerCase()} ${command.keywords?.toLowerCase() ?? ''}`;
    if (!words.every((word) => text.includes(word))) return [];
    const first = words[0] ?? '';
    const score = title.startsWith(first) ? 0 : title.includes(first) ? 1 : 2;
    return [{ command, score }];
  });
  return scored.toSorted((a, b) => a.score - b.score).map(({ command }) => command);
}
