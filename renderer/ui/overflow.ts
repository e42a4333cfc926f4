import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** Whether the element's one child is larger than itself, so that it has to be scrolled. */
export function useOverflows(scroller: RefObject<HTMLElement | null>): boolean {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) return undefined;
    const observer = new ResizeObserver(() =>
      setOverflows(element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth),
    );
    observer.observe(element);
    observer.observe(content);
    return () => observer.disconnect();
  }, [scroller]);
  return overflows;
}
