import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { AreaField, Field, TextField } from '../parts/field.tsx';
import type { Kind } from './schema.ts';
import { isKept, type Kept } from './value.ts';

/**
 * A text. Of a secret it is never shown what it is: what is stored is kept, replaced or removed (null). One that comes from
 * outside of the configuration is kept or replaced as well.
 */
export function KeptText({
  kind,
  value,
  standard,
  onValue,
  ...around
}: {
  readonly label: string;
  readonly help: string | undefined;
  readonly wrong: string | undefined;
  readonly isRequired: boolean;
  readonly kind: Extract<Kind, { kind: 'text' }>;
  readonly value: unknown;
  readonly standard: unknown;
  readonly onValue: (value: unknown) => void;
}) {
  const { t } = useWords();
  const [stored] = useState(() => (isKept(value) ? value : null));
  if (isKept(value)) {
    return (
      <Field {...around}>
        {({ id, ...described }) => (
          <div className="kept">
            <output id={id} {...described}>
              {keptText(value, kind.isSecret, t)}
            </output>
            <button type="button" className="quiet" onClick={() => onValue('')}>
              {t('form.replace')}
              <span className="visually-hidden"> : {around.label}</span>
            </button>
            {!around.isRequired && (
              <button type="button" className="quiet" onClick={() => onValue(null)}>
                {t('form.remove')}
                <span className="visually-hidden"> : {around.label}</span>
              </button>
            )}
          </div>
        )}
      </Field>
    );
  }
  const text = typeof value === 'string' ? value : '';
  const said = {
    ...around,
    value: text,
    autoComplete: kind.isSecret ? 'new-password' : 'off',
    spellCheck: false,
    placeholder: typeof standard === 'string' ? standard : undefined,
    onValue,
  };
  return (
    <>
      {kind.isLong ? (
        <AreaField {...said} rows={4} />
      ) : (
        <TextField {...said} type={kind.isSecret ? 'password' : kind.input} />
      )}
      {stored && (
        <p className="kept">
          {value === null && <span>{t('form.removed')}</span>}
          <button type="button" className="quiet" onClick={() => onValue(stored)}>
            {t('form.keep')}
          </button>
        </p>
      )}
    </>
  );
}

function keptText(kept: Kept, isSecret: boolean, t: ReturnType<typeof useWords>['t']): string {
  if ('env' in kept) return t('form.kept.env', { name: kept.env });
  return isSecret || 'hidden' in kept ? t('form.kept.secret') : t('form.kept.file', { name: kept.file });
}
