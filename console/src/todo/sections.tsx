import { useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useKeys } from '../parts/use-keys.ts';
import { ConflictCard } from './conflict-card.tsx';
import { CredentialsCard } from './credentials-card.tsx';
import { type Item, itemsOf, nextOf, type Section, stepFrom } from './items.ts';
import { MAIN_KEY, MAIN_MARK } from './main-button.tsx';
import { SuspectCard } from './suspect-card.tsx';
import { TaskCard } from './task-card.tsx';
import { SetAsideCard, UnmappedCard, UnreadableCard } from './unread-cards.tsx';

/** Conflicts of which the proposals are looked for at once. */
const NEAR_MAX = 5;

/** The list, by mouse and by keyboard: one of its items is current, which is where the keys act. */
export function Sections({ sections }: { readonly sections: readonly Section[] }) {
  const list = useRef<HTMLDivElement>(null);
  const items = itemsOf(sections);
  const near = new Set(items.slice(0, NEAR_MAX));
  const [current, setCurrent] = useCurrent(items, list);
  const go = (step: 1 | -1): void => {
    const next = stepFrom(
      items.map(({ key }) => key),
      current,
      step,
    );
    setCurrent(next);
    if (next !== null) focusOn(list.current, next);
  };
  useKeys({
    j: () => go(1),
    arrowdown: () => go(1),
    k: () => go(-1),
    arrowup: () => go(-1),
    [MAIN_KEY.toLowerCase()]: () =>
      current !== null &&
      elementOf(list.current, current)?.querySelector<HTMLElement>(`[${MAIN_MARK}]`)?.click(),
  });
  return (
    <>
      <KeysNote />
      <div ref={list}>
        {sections.map((section) => (
          <Group key={section.group} section={section} current={current} near={near} onCurrent={setCurrent} />
        ))}
      </div>
    </>
  );
}

function Group({
  section: { group, items },
  current,
  near,
  onCurrent,
}: {
  readonly section: Section;
  readonly current: string | null;
  readonly near: ReadonlySet<Item>;
  readonly onCurrent: (key: string) => void;
}) {
  const { t } = useWords();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {t(`todo.groups.${group}`)} <span className="badge">{items.length}</span>
      </h2>
      <ul className="bare">
        {items.map((item) => (
          <li
            key={item.key}
            data-key={item.key}
            tabIndex={-1}
            aria-current={item.key === current ? 'true' : undefined}
            onFocus={() => onCurrent(item.key)}
          >
            <ItemCard item={item} isNear={near.has(item)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ItemCard({ item, isNear }: { readonly item: Item; readonly isNear: boolean }) {
  switch (item.kind) {
    case 'conflict':
      return <ConflictCard conflict={item.conflict} isNear={isNear} />;
    case 'task':
      return <TaskCard task={item.task} isLate={item.isLate} />;
    case 'credentials':
      return <CredentialsCard connection={item.connection} isForbidden={item.isForbidden} />;
    case 'suspect':
      return <SuspectCard connection={item.connection} suspect={item.suspect} />;
    case 'unreadable':
      return <UnreadableCard connection={item.connection} unreadable={item.unreadable} />;
    case 'setAside':
      return <SetAsideCard connection={item.connection} records={item.records} />;
    case 'unmapped':
      return <UnmappedCard connection={item.connection} unmapped={item.unmapped} records={item.records} />;
  }
}

/** Whoever was at an item that is gone is at the one that came to its place, with the focus where they had it in the list. */
function useCurrent(items: readonly Item[], list: React.RefObject<HTMLDivElement | null>) {
  const [current, setCurrent] = useState<string | null>(null);
  const before = useRef<readonly string[]>([]);
  const keys = items.map(({ key }) => key);
  const joined = keys.join('\n');
  // Only another list moves anybody.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const known = before.current;
    before.current = keys;
    if (current === null || keys.includes(current)) return;
    const next = nextOf(known, current, keys);
    setCurrent(next);
    if (next !== null && document.activeElement === document.body) focusOn(list.current, next);
  }, [joined]);
  return [current, setCurrent] as const;
}

const elementOf = (list: HTMLElement | null, key: string): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;

function focusOn(list: HTMLElement | null, key: string): void {
  const element = elementOf(list, key);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'nearest' });
}

const KEYS = [
  [['J', 'K'], 'move'],
  [[MAIN_KEY], 'act'],
  [['Ctrl+Z'], 'undo'],
] as const;

function KeysNote() {
  const { t } = useWords();
  return (
    <p className="quiet-text keys no-print">
      {KEYS.map(([keys, name]) => (
        <span key={name}>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}{' '}
          {t(`todo.keys.${name}`)}
        </span>
      ))}
    </p>
  );
}
