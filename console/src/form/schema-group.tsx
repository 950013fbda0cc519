import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useProblems } from './context.ts';
import { mayWait, type Property, propertiesOf, type SchemaNode } from './schema.ts';
import { SchemaField } from './schema-field.tsx';
import { type Entry, pathTo, withKey } from './value.ts';

/** The fields of an object: what has to be said first, what may be left as it is folded away. */
export function SchemaGroup({
  node,
  path,
  value,
  onValue,
}: {
  readonly node: SchemaNode;
  readonly path: string;
  readonly value: Entry;
  readonly onValue: (value: Entry) => void;
}) {
  const { t } = useWords();
  const problems = useProblems();
  const properties = propertiesOf(node);
  const isAllLater = properties.every(mayWait);
  // Nothing is folded away where there is nothing else.
  const later = isAllLater ? [] : properties.filter(mayWait);
  const field = ({ key, node: inner, isRequired }: Property) => (
    <SchemaField
      key={key}
      name={key}
      node={inner}
      path={pathTo(path, key)}
      isRequired={isRequired}
      value={value[key]}
      onValue={(next) => onValue(withKey(value, key, next))}
    />
  );
  // Not by what is there now: it would close under whoever empties a field.
  const [isUsed] = useState(() => later.some(({ key }) => value[key] !== undefined));
  const isOpen = isUsed || later.some(({ key }) => problems.under(pathTo(path, key)));
  return (
    <>
      {properties.filter((each) => !later.includes(each)).map(field)}
      {later.length > 0 && (
        <details className="more" open={isOpen || undefined}>
          <summary>{t('form.more')}</summary>
          {later.map(field)}
        </details>
      )}
    </>
  );
}
