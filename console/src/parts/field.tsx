import { type ComponentProps, type ReactNode, useId } from 'react';

type Around = {
  readonly label: string;
  readonly help?: string | undefined;
  readonly wrong?: string | undefined;
  /** Marked as such; what is missing is for the gateway to say. */
  readonly isRequired?: boolean | undefined;
};

type Described = {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
};

/** A label, the control, and what helps with it or is wrong with it, which screen readers say with it. */
export function Field({
  label,
  help,
  wrong,
  isRequired,
  children,
}: Around & { children: (control: Described) => ReactNode }) {
  const id = useId();
  const said = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {isRequired && <Needed />}
      </label>
      {children({
        id,
        ...(said === '' ? {} : { 'aria-describedby': said }),
        ...(wrong === undefined ? {} : { 'aria-invalid': true as const }),
      })}
      {help && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {wrong && (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

/** For eyes; whoever listens is told by the control itself. */
export const Needed = () => (
  <span className="needed" aria-hidden="true">
    {' '}
    *
  </span>
);

type Input = Around &
  Omit<ComponentProps<'input'>, 'onChange'> & { readonly onValue: (value: string) => void };

export const TextField = ({ label, help, wrong, isRequired, onValue, ...input }: Input) => (
  <Field label={label} help={help} wrong={wrong} isRequired={isRequired}>
    {(control) => (
      <input
        {...input}
        {...control}
        aria-required={isRequired}
        onChange={(event) => onValue(event.target.value)}
      />
    )}
  </Field>
);

type Area = Around &
  Omit<ComponentProps<'textarea'>, 'onChange'> & { readonly onValue: (value: string) => void };

export const AreaField = ({ label, help, wrong, isRequired, onValue, ...area }: Area) => (
  <Field label={label} help={help} wrong={wrong} isRequired={isRequired}>
    {(control) => (
      <textarea
        {...area}
        {...control}
        aria-required={isRequired}
        onChange={(event) => onValue(event.target.value)}
      />
    )}
  </Field>
);

type Choice = Around &
  Omit<ComponentProps<'select'>, 'onChange'> & {
    readonly options: readonly { readonly value: string; readonly text: string }[];
    readonly onValue: (value: string) => void;
  };

export const SelectField = ({ label, help, wrong, isRequired, options, onValue, ...select }: Choice) => (
  <Field label={label} help={help} wrong={wrong} isRequired={isRequired}>
    {(control) => (
      <select
        {...select}
        {...control}
        aria-required={isRequired}
        onChange={(event) => onValue(event.target.value)}
      >
        {options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** Its label stands behind it. */
export function CheckField({
  label,
  help,
  wrong,
  checked,
  onValue,
}: Around & { readonly checked: boolean; readonly onValue: (isChecked: boolean) => void }) {
  const id = useId();
  return (
    <div className="field check">
      <label className="choice">
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={help || wrong ? `${id}-said` : undefined}
          onChange={(event) => onValue(event.target.checked)}
        />
        {label}
      </label>
      {(help || wrong) && (
        <p className={wrong ? 'wrong' : 'help'} id={`${id}-said`}>
          {wrong ?? help}
        </p>
      )}
    </div>
  );
}
