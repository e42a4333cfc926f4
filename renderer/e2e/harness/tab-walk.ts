import type { Page } from 'playwright/test';

export interface TabWalk {
  /** The elements of the view that had the focus, as {@link describe} calls them. */
  readonly reached: ReadonlySet<string>;
  /** Those that had it without an outline or a ring. */
  readonly unseen: readonly string[];
}

/** More stops than any view has. */
const MOST_STOPS = 400;

/** Presses Tab from where the focus is until it leaves the view. */
export async function walkByTab(page: Page): Promise<TabWalk> {
  await page.evaluate(markElements);
  const reached = new Set<string>();
  const unseen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(focusedElement);
    if (focused === undefined) return { reached, unseen };
    if (reached.has(focused.name)) continue;
    reached.add(focused.name);
    if (!focused.seen) unseen.push(focused.name);
  }
  throw new Error(`the Tab key does not leave the view within ${MOST_STOPS} stops`);
}

/**
 * What can be used, stands in sight and was not reached. Of what is one stop for many – buttons of one group, tabs,
 * entries, whose arrows move between them – one is enough.
 */
export function missedBy(page: Page, { reached }: TabWalk): Promise<readonly string[]> {
  return page.evaluate(
    (names) => {
      const nameOf = (element: Element) =>
        element instanceof HTMLElement ? element.dataset['walked'] : undefined;
      const wasReached = (element: Element) => names.includes(nameOf(element) ?? '');
      const groups =
        '[role=radiogroup], [role=toolbar], [role=tablist], [role=menu], [role=listbox], [role=grid]';
      const usable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
      return [...document.querySelectorAll<HTMLElement>(`#view :is(${usable})`)]
        .filter((element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
        .filter((element) => !element.matches(':disabled') && element.closest('[inert]') === null)
        .filter((element) => element.getBoundingClientRect().width > 0 && nameOf(element) !== undefined)
        .filter((element) => !wasReached(element))
        .filter((element) => ![...(element.closest(groups)?.querySelectorAll('*') ?? [])].some(wasReached))
        .map((element) => nameOf(element) ?? '');
    },
    [...reached],
  );
}

/** Numbers the elements there are, so that two of the same name are two. What appears later is not asked for. */
function markElements(): void {
  const elements = document.querySelectorAll<HTMLElement>('#view *');
  for (const [index, element] of elements.entries()) {
    if (element.tabIndex < 0) continue;
    const text = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
    element.dataset['walked'] = `${index} ${element.tagName.toLowerCase()} "${text}"`;
  }
}

function focusedElement(): { name: string; seen: boolean } | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element.closest('#view') === null) return undefined;
  const shows = (candidate: Element | null): boolean => {
    if (candidate === null) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  };
  return {
    name:
      element.dataset['walked'] ??
      `new ${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 40)}"`,
    // A field shows it on the frame around it.
    seen: shows(element) || shows(element.parentElement),
  };
}
