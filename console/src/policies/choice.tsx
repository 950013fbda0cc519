import type { ReactNode } from 'react';
import { useId } from 'react';

/** One of some ways, each with what it brings and costs, and with what is to be said of the one that is chosen. */
export function Choice<Value extends string>({
  title,
  value,
  options,
  onValue,
  problem,
  children,
}: {
  readonly title: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly says: string }[];
  readonly onValue: (value: Value) => void;
  readonly problem: ReactNode;
  readonly children?: ReactNode;
}) {
  const name = useId();
  return (
    <fieldset className="rule">
      <legend>{title}</legend>
      {options.map((option) => (
        <div key={option.value} className="way">
          <label className="choice">
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              aria-describedby={`${name}-${option.value}`}
              onChange={() => onValue(option.value)}
            />
            {option.text}
          </label>
          <p className="help" id={`${name}-${option.value}`}>
            {option.says}
          </p>
        </div>
      ))}
      {children}
      {problem}
    </fieldset>
  );
}
