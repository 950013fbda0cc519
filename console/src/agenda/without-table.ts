/**
 * The calendar calls its grid a table, in whose cells its events are not: a screen reader would hear of an empty one, and never
 * of what it shows. So what says so is taken away as often as it is written, and each entry says itself whose time it is.
 */

const ROLES = ['table', 'rowgroup', 'row', 'columnheader', 'cell', 'gridcell'];
const FOUND = ROLES.map((role) => `[role="${role}"]`).join(', ');

/** @returns ends it. */
export function withoutTable(grid: HTMLElement): () => void {
  const take = (): void => {
    for (const element of grid.querySelectorAll(FOUND)) {
      for (const name of ['role', 'aria-colspan', 'aria-colindex']) element.removeAttribute(name);
    }
    // No part of the page by itself, beside the one that this is in.
    for (const element of grid.querySelectorAll('aside:not([role])'))
      element.setAttribute('role', 'presentation');
    // An entry has a button in it; the calendar's own way would be a second one around that.
    for (const element of grid.querySelectorAll('article[role="button"]')) {
      for (const name of ['role', 'tabindex']) element.removeAttribute(name);
    }
  };
  take();
  const observer = new MutationObserver(take);
  observer.observe(grid, { subtree: true, childList: true, attributes: true, attributeFilter: ['role'] });
  return () => observer.disconnect();
}
