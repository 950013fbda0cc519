/** Arrows go to the entry that is nearest in their direction, as it is seen. */
export function moveFocus(grid: HTMLElement, key: string): boolean {
  const direction = DIRECTIONS[key];
  const from = document.activeElement;
  if (!direction || !(from instanceof HTMLElement) || !from.matches('[data-entry]')) return false;
  const here = centre(from);
  let best: { readonly element: HTMLElement; readonly distance: number } | null = null;
  for (const element of grid.querySelectorAll<HTMLElement>('[data-entry]')) {
    const there = centre(element);
    const along = (there.x - here.x) * direction.x + (there.y - here.y) * direction.y;
    const aside = Math.abs((there.x - here.x) * direction.y) + Math.abs((there.y - here.y) * direction.x);
    if (element === from || along < 2) continue;
    const distance = along + aside * ASIDE_WEIGHT;
    if (!best || distance < best.distance) best = { element, distance };
  }
  best?.element.focus();
  return true;
}

/** Rather far along than aside. */
const ASIDE_WEIGHT = 4;

const DIRECTIONS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

function centre(element: HTMLElement): { readonly x: number; readonly y: number } {
  const { left, width, top, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
