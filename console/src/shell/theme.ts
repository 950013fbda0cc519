/** Light or dark: as the system has it, unless it was chosen here; the choice is kept in this browser. */

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'passerelle.theme';

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return THEMES.find((each) => each === kept) ?? 'system';
}

export function applyTheme(next: Theme = theme()): void {
  localStorage.setItem(KEPT, next);
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}
