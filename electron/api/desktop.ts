import { z } from 'zod';
import { problemSchema } from './problems';

/**
 * What page and shell of the desktop app tell each other, besides the wire's messages (wire.ts), which alone carry
 * everything about the network. Both go over the bridge (desktop-bridge.ts).
 */
export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

/** What the page tells the shell. */
export const pageMessageSchema = z.discriminatedUnion('kind', [
  /** First of all, once per page: everything of an earlier page of this window is over. `page` is random. */
  z.strictObject({
    kind: z.literal('open'),
    page: z.string().min(16).max(64),
    protocol: z.int(),
  }),
  /** The theme was chosen: the window's frame, menus and background follow, also at the next start. */
  z.strictObject({ kind: z.literal('theme'), theme: z.enum(themes) }),
  /** A link out of the console; opened in the browser if its host is on the shell's list. */
  z.strictObject({ kind: z.literal('open-external'), url: z.string().max(2000) }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** What the shell tells the page. */
export const shellMessageSchema = z.discriminatedUnion('kind', [
  /** Answers `open`; wire messages that come before it belong to an earlier page. */
  z.strictObject({ kind: z.literal('opened'), page: z.string(), protocol: z.int(), version: z.string() }),
  /** The shell takes nothing more of this page: open calls and streams end with this problem. */
  z.strictObject({ kind: z.literal('lost'), problem: problemSchema }),
  /** A menu item was chosen: the renderer's registry knows the command. */
  z.strictObject({ kind: z.literal('command'), id: z.string() }),
]);
export type ShellMessage = z.infer<typeof shellMessageSchema>;
