import type { Language } from '../i18n/current.ts';
import { useWords } from '../i18n/use-words.ts';
import { CheckField, SelectField, TextField } from '../parts/field.tsx';
import { codeText } from './code-text.ts';
import { useProblems } from './context.ts';
import { KeptText } from './kept-text.tsx';
import { ChoicesField, ListField, MapField } from './many-fields.tsx';
import { type Kind, kindOf, plain, type SchemaNode, wordsOf } from './schema.ts';
import { SchemaGroup } from './schema-group.tsx';
import { entryOf } from './value.ts';

export type FieldProps = {
  readonly node: SchemaNode;
  /** Said where the schema gives no title. */
  readonly name: string;
  /** As the gateway names it in what it finds wrong. */
  readonly path: string;
  readonly value: unknown;
  readonly isRequired: boolean;
  readonly onValue: (value: unknown) => void;
};

/** The control that one part of a schema wants. */
export function SchemaField(props: FieldProps) {
  const { t, language } = useWords();
  const { node, name, path, value, onValue, isRequired } = props;
  const kind = kindOf(node);
  const { label, help } = wordsOf(node, name, language);
  const wrong = useProblems().at(path);
  const around = { label, help, wrong, isRequired };
  switch (kind.kind) {
    case 'text':
      return (
        <KeptText {...around} kind={kind} value={value} standard={plain(node).default} onValue={onValue} />
      );
    case 'number':
      return (
        <NumberField {...around} kind={kind} value={value} standard={plain(node).default} onValue={onValue} />
      );
    case 'flag':
      return (
        <CheckField
          {...around}
          checked={value === undefined ? plain(node).default === true : value === true}
          onValue={onValue}
        />
      );
    case 'choice': {
      const standard = plain(node).default;
      const none =
        standard === undefined ? t('form.notSaid') : t('form.usual', { is: codeText(String(standard)) });
      const isNoneThere = !isRequired || value === undefined;
      return (
        <SelectField
          {...around}
          value={typeof value === 'string' ? value : ''}
          options={[
            ...(isNoneThere ? [{ value: '', text: isRequired ? t('form.choose') : none }] : []),
            ...kind.values.map((each) => ({ value: each, text: codeText(each) })),
          ]}
          onValue={(text) => onValue(text === '' ? undefined : text)}
        />
      );
    }
    case 'choices':
      return (
        <ChoicesField
          {...around}
          values={kind.values}
          value={value ?? plain(node).default}
          onValue={onValue}
        />
      );
    case 'list':
      return (
        <ListField
          {...around}
          item={kind.item}
          path={path}
          value={value ?? plain(node).default}
          onValue={onValue}
        />
      );
    case 'map':
      return <MapField {...around} item={kind.item} path={path} value={value} onValue={onValue} />;
    case 'group':
      return (
        <fieldset>
          <legend>{label}</legend>
          {help && <p className="help">{help}</p>}
          <SchemaGroup node={kind.node} path={path} value={entryOf(value)} onValue={onValue} />
        </fieldset>
      );
    case 'variant':
      return <VariantField {...props} kind={kind} label={label} help={help} wrong={wrong} />;
    case 'other':
      return (
        <p className="field">
          <span className="label">{label}</span>
          <span className="help">{t('form.byHand')}</span>
        </p>
      );
  }
}

type Around = {
  readonly label: string;
  readonly help: string | undefined;
  readonly wrong: string | undefined;
  readonly isRequired: boolean;
};

function NumberField({
  kind,
  value,
  standard,
  onValue,
  ...around
}: Around & {
  readonly kind: Extract<Kind, { kind: 'number' }>;
  readonly value: unknown;
  readonly standard: unknown;
  readonly onValue: (value: unknown) => void;
}) {
  const { minimum, maximum, isWhole } = kind;
  return (
    <TextField
      {...around}
      type="number"
      step={isWhole ? 1 : 'any'}
      min={minimum}
      max={maximum}
      placeholder={typeof standard === 'number' ? String(standard) : undefined}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      // What is no number is sent as it is, and the gateway says so.
      onValue={(text) => onValue(text === '' ? undefined : Number.isNaN(Number(text)) ? text : Number(text))}
    />
  );
}

/** As the schema calls it: itself, or the constant that tells it apart. */
function variantText(node: SchemaNode, by: string, name: string, language: Language): string {
  const telling = [node, node.properties?.[by]].find((each) => each?.title !== undefined);
  return telling ? wordsOf(telling, name, language).label : codeText(name);
}

/** Which of several forms it has, and the fields of that one. */
function VariantField({
  kind: { by, variants },
  label,
  help,
  wrong,
  isRequired,
  path,
  value,
  onValue,
}: FieldProps & Around & { readonly kind: Extract<Kind, { kind: 'variant' }> }) {
  const { t, language } = useWords();
  const chosen = entryOf(value)[by];
  const node = variants.get(String(chosen));
  const isNoneThere = !isRequired || node === undefined;
  return (
    <fieldset>
      <legend>{label}</legend>
      <SelectField
        label={t('form.which')}
        help={help}
        wrong={wrong}
        isRequired={isRequired}
        value={node ? String(chosen) : ''}
        options={[
          ...(isNoneThere ? [{ value: '', text: t(isRequired ? 'form.choose' : 'form.none') }] : []),
          ...[...variants].map(([name, each]) => ({
            value: name,
            text: variantText(each, by, name, language),
          })),
        ]}
        onValue={(name) => onValue(name === '' ? undefined : { [by]: name })}
      />
      {node && (
        <SchemaGroup key={String(chosen)} node={node} path={path} value={entryOf(value)} onValue={onValue} />
      )}
    </fieldset>
  );
}
