import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import { defaultSize } from './geometry';

/** Width and height of an element in whole pixels, as they change. */
export function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState<{ width: number; height: number }>(defaultSize);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => {
      const width = Math.floor(box.clientWidth) || defaultSize.width;
      const height = Math.floor(box.clientHeight) || defaultSize.height;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
