import type { ComponentProps } from 'react';

export const MAIN_KEY = 'X';

/** What its card is there for. The list presses it when the key is pressed, and shows the key where one is. */
export const MAIN_MARK = 'data-main';

export const MainButton = ({ children, ...button }: ComponentProps<'button'>) => (
  <button type="button" aria-keyshortcuts={MAIN_KEY} {...{ [MAIN_MARK]: true }} {...button}>
    {children}
    <span className="key" aria-hidden="true">
      {MAIN_KEY}
    </span>
  </button>
);
