import { TooltipTrigger, Tooltip as AriaTooltip } from 'react-aria-components/Tooltip';
import type { ReactElement } from 'react';

/** Names what it is about; never the only place where something can be learned. */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip className="tooltip" offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
