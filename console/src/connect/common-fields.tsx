import { useEffect, useState } from 'react';
import { useProblems } from '../form/context.ts';
import type { SchemaNode } from '../form/schema.ts';
import { SchemaField } from '../form/schema-field.tsx';
import { type Entry, entryOf, withKey } from '../form/value.ts';
import { useWords } from '../i18n/use-words.ts';
import { TextField } from '../parts/field.tsx';

/** What every connection has, whichever its platform is. */

const NUMBERS = [
  { key: 'pollSeconds', default: 30, minimum: 1, maximum: 86_400 },
  { key: 'freshnessMinutes', minimum: 0.1, maximum: 10_080 },
  { key: 'horizonDays', default: 28, minimum: 1, maximum: 366 },
] as const;

export function NameField({
  draft,
  onDraft,
}: {
  readonly draft: Entry;
  readonly onDraft: (draft: Entry) => void;
}) {
  const { t } = useWords();
  const title = entryOf(draft['title']);
  const text = (key: 'fr' | 'en'): string => String(title[key] ?? '');
  return (
    <TextField
      label={t('connect.name')}
      help={t('connect.nameHelp')}
      isRequired
      autoComplete="off"
      wrong={useProblems().at('title.fr')}
      value={text('fr')}
      // Until somebody says otherwise it is called the same in English.
      onValue={(fr) =>
        onDraft(withKey(draft, 'title', { fr, en: text('en') === text('fr') ? fr : text('en') }))
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
  const { t } = useWords();
  const problems = useProblems();
  const title = entryOf(draft['title']);
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
        label={t('connect.advanced.english')}
        autoComplete="off"
        wrong={problems.at('title.en')}
        value={String(title['en'] ?? '')}
        onValue={(en) => onDraft(withKey(draft, 'title', { ...title, en }))}
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
