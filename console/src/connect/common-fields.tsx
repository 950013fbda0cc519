import { useEffect, useState } from 'react';
import { useProblems } from '../form/context.ts';
import type { SchemaNode } from '../form/schema.ts';
import { SchemaField } from '../form/schema-field.tsx';
import { type Entry, entryOf, withKey } from '../form/value.ts';
import { type Bilingual, useWords } from '../i18n/use-words.ts';
import { TextField } from '../parts/field.tsx';

/** What every connection has, whichever its platform is. */

const NUMBERS = [
  { key: 'pollSeconds', default: 30, minimum: 1, maximum: 86_400 },
  { key: 'freshnessMinutes', minimum: 0.1, maximum: 10_080 },
  { key: 'horizonDays', default: 28, minimum: 1, maximum: 366 },
] as const;

const OTHER = { fr: 'en', en: 'fr' } as const;

/** In the language of the page. Until somebody says otherwise it is called the same in the other. */
export function NameField({
  draft,
  standard,
  onDraft,
}: {
  readonly draft: Entry;
  /** What a new one is called before it has a name: like its platform. Null = it has one. */
  readonly standard: Bilingual | null;
  readonly onDraft: (draft: Entry) => void;
}) {
  const { t, language } = useWords();
  const title = entryOf(draft['title']);
  const text = (of: keyof Bilingual): string => String(title[of] ?? '');
  const other = OTHER[language];
  const follows = text(other) === text(language) || text(other) === standard?.[other];
  return (
    <TextField
      label={t('connect.name')}
      help={t('connect.nameHelp')}
      isRequired
      autoComplete="off"
      wrong={useProblems().at(`title.${language}`)}
      value={text(language)}
      onValue={(name) =>
        onDraft(
          withKey(draft, 'title', { ...title, [language]: name, ...(follows ? { [other]: name } : {}) }),
        )
      }
    />
  );
}

export function AdvancedFields({
  draft,
  id,
  isNew,
  isOpen,
  onDraft,
  onId,
}: {
  readonly draft: Entry;
  readonly id: string;
  readonly isNew: boolean;
  readonly isOpen: boolean;
  readonly onDraft: (draft: Entry) => void;
  readonly onId: (id: string) => void;
}) {
  const { t, language } = useWords();
  const problems = useProblems();
  const title = entryOf(draft['title']);
  const other = OTHER[language];
  const isWrong = ['id', 'title', 'allowedTargets', ...NUMBERS.map(({ key }) => key)].some(problems.under);
  const isToBeSeen = isOpen || isWrong;
  const [isShown, setShown] = useState(isToBeSeen);
  // It does not close by itself on who has begun to fill it in.
  useEffect(() => {
    if (isToBeSeen) setShown(true);
  }, [isToBeSeen]);
  const field = (key: string, node: SchemaNode) => (
    <SchemaField
      key={key}
      name={key}
      node={node}
      path={key}
      isRequired={false}
      value={draft[key]}
      onValue={(value) => onDraft(withKey(draft, key, value))}
    />
  );
  return (
    <details className="more" open={isShown} onToggle={({ currentTarget }) => setShown(currentTarget.open)}>
      <summary>{t('connect.advanced.title')}</summary>
      <TextField
        label={t('connect.advanced.otherName')}
        autoComplete="off"
        wrong={problems.at(`title.${other}`)}
        value={String(title[other] ?? '')}
        onValue={(name) => onDraft(withKey(draft, 'title', { ...title, [other]: name }))}
      />
      <TextField
        label={t('connect.advanced.id')}
        help={t('connect.advanced.idHelp')}
        autoComplete="off"
        spellCheck={false}
        readOnly={!isNew}
        wrong={problems.at('id')}
        value={id}
        onValue={onId}
      />
      {NUMBERS.map(({ key, ...limits }) =>
        field(key, {
          type: 'number',
          title: t(`connect.advanced.${key}`),
          description: t(`connect.advanced.${key}Help`),
          ...limits,
        }),
      )}
      {field('allowedTargets', {
        type: 'array',
        items: { type: 'string' },
        title: t('connect.advanced.allowedTargets'),
        description: t('connect.advanced.allowedTargetsHelp'),
      })}
    </details>
  );
}
