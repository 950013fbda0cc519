import { type ReactNode, useRef, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { CheckField, Needed, TextField } from '../parts/field.tsx';
import { codeText } from './code-text.ts';
import { kindOf, type SchemaNode } from './schema.ts';
import { SchemaField } from './schema-field.tsx';
import { isEntry, pathTo } from './value.ts';

/** Fields that have any number of values: lists, what is by the name of something, and codes of which several may be chosen. */

type Around = {
  readonly label: string;
  readonly help: string | undefined;
  readonly wrong: string | undefined;
  readonly isRequired: boolean;
  readonly value: unknown;
  readonly onValue: (value: unknown) => void;
};

export function ChoicesField({
  values,
  value,
  onValue,
  ...around
}: Around & { readonly values: readonly string[] }) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <Frame {...around}>
      <div className="codes">
        {values.map((each) => (
          <CheckField
            key={each}
            label={codeText(each)}
            checked={chosen.includes(each)}
            onValue={(isChosen) =>
              onValue(values.filter((one) => (one === each ? isChosen : chosen.includes(one))))
            }
          />
        ))}
      </div>
    </Frame>
  );
}

type Row = { readonly id: number; readonly key: string; readonly value: unknown };

/** Rows keep who they are while others are taken out; two may have the same name for as long as it is typed. */
function useRows(initial: () => readonly Omit<Row, 'id'>[], onRows: (rows: readonly Row[]) => void) {
  const last = useRef(0);
  const named = (row: Omit<Row, 'id'>): Row => ({ ...row, id: ++last.current });
  const [rows, setRows] = useState<readonly Row[]>(() => initial().map(named));
  const set = (next: readonly Row[]): void => {
    setRows(next);
    onRows(next);
  };
  return {
    rows,
    add: () => set([...rows, named({ key: '', value: undefined })]),
    remove: (id: number) => set(rows.filter((row) => row.id !== id)),
    change: (id: number, change: Partial<Omit<Row, 'id'>>) =>
      set(rows.map((row) => (row.id === id ? { ...row, ...change } : row))),
  };
}

type Many = Around & { readonly item: SchemaNode; readonly path: string };

export function ListField({ item, path, value, onValue, ...around }: Many) {
  const { t } = useWords();
  const { rows, add, remove, change } = useRows(
    () => (Array.isArray(value) ? value.map((each: unknown) => ({ key: '', value: each })) : []),
    (next) => onValue(next.map((row) => row.value)),
  );
  return (
    <Frame {...around}>
      {rows.map((row, index) => (
        <div className="one-of-many" key={row.id}>
          <SchemaField
            node={titled(item, `${around.label} ${index + 1}`)}
            name=""
            path={pathTo(path, index)}
            isRequired
            value={row.value}
            onValue={(next) => change(row.id, { value: next })}
          />
          <RemoveButton of={`${around.label} ${index + 1}`} onPress={() => remove(row.id)} />
        </div>
      ))}
      <button type="button" className="quiet" onClick={add}>
        {t('form.add')}
        <span className="visually-hidden"> : {around.label}</span>
      </button>
    </Frame>
  );
}

export function MapField({ item, path, value, onValue, ...around }: Many) {
  const { t } = useWords();
  const { rows, add, remove, change } = useRows(
    () => (isEntry(value) ? Object.entries(value).map(([key, each]) => ({ key, value: each })) : []),
    (next) => onValue(Object.fromEntries(next.map((row) => [row.key, row.value ?? emptyOf(item)]))),
  );
  return (
    <Frame {...around}>
      {rows.map((row, index) => (
        <div className="one-of-many" key={row.id}>
          <TextField
            label={t('form.keyOf', { label: around.label, number: index + 1 })}
            isRequired
            autoComplete="off"
            spellCheck={false}
            value={row.key}
            onValue={(key) => change(row.id, { key })}
          />
          <SchemaField
            node={
              item.title === undefined
                ? titled(item, t('form.valueOf', { name: row.key || index + 1 }))
                : item
            }
            name=""
            path={pathTo(path, row.key)}
            isRequired
            value={row.value}
            onValue={(next) => change(row.id, { value: next })}
          />
          <RemoveButton of={row.key || `${around.label} ${index + 1}`} onPress={() => remove(row.id)} />
        </div>
      ))}
      <button type="button" className="quiet" onClick={add}>
        {t('form.add')}
        <span className="visually-hidden"> : {around.label}</span>
      </button>
    </Frame>
  );
}

const emptyOf = (item: SchemaNode): unknown => (kindOf(item).kind === 'text' ? '' : {});

/** Its own words are of all of them: of one it is said which. */
const titled = ({ 'x-fr': _, ...node }: SchemaNode, title: string): SchemaNode => ({ ...node, title });

function RemoveButton({ of, onPress }: { readonly of: string; readonly onPress: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" className="quiet" onClick={onPress}>
      {t('form.remove')}
      <span className="visually-hidden"> : {of}</span>
    </button>
  );
}

function Frame({
  label,
  help,
  wrong,
  isRequired,
  children,
}: Omit<Around, 'value' | 'onValue'> & { readonly children: ReactNode }) {
  return (
    <fieldset>
      <legend>
        {label}
        {isRequired && <Needed />}
      </legend>
      {help && <p className="help">{help}</p>}
      {wrong && <p className="wrong">{wrong}</p>}
      {children}
    </fieldset>
  );
}
