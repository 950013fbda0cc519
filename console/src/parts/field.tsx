import { type ComponentProps, type ReactNode, useId } from 'react';

type Around = {
  readonly label: string;
  readonly help?: string | undefined;
  readonly wrong?: string | undefined;
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
  children,
}: Around & { children: (control: Described) => ReactNode }) {
  const id = useId();
  const said = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
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

type Input = Around &
  Omit<ComponentProps<'input'>, 'onChange'> & { readonly onValue: (value: string) => void };

export const TextField = ({ label, help, wrong, onValue, ...input }: Input) => (
  <Field label={label} help={help} wrong={wrong}>
    {(control) => <input {...input} {...control} onChange={(event) => onValue(event.target.value)} />}
  </Field>
);

type Choice = Around &
  Omit<ComponentProps<'select'>, 'onChange'> & {
    readonly options: readonly { readonly value: string; readonly text: string }[];
    readonly onValue: (value: string) => void;
  };

export const SelectField = ({ label, help, wrong, options, onValue, ...select }: Choice) => (
  <Field label={label} help={help} wrong={wrong}>
    {(control) => (
      <select {...select} {...control} onChange={(event) => onValue(event.target.value)}>
        {options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
);
