import { type Instant, MINUTE } from '../../domain/instant.ts';
import { type Html, html } from './html.ts';
import { tokenField, type Visit } from './visit.ts';

/** Parts that several pages have. */

/** @param kind of its look; `full` = its button is as wide as the page. */
export const form = (visit: Visit, path: string, fields: Html, kind: 'full' | 'plain' = 'plain'): Html =>
  html`<form method="post" action="${visit.to(path)}" class="${kind}">${tokenField(visit)}${fields}</form>`;

/** A button that does one thing to one thing. @param label what it is called where it stands alone. */
export const button = (
  visit: Visit,
  path: string,
  { text, label, id }: { readonly text: string; readonly label?: string; readonly id?: string },
): Html =>
  form(
    visit,
    path,
    html`${id === undefined ? null : html`<input type="hidden" name="id" value="${id}">`}<button class="quiet" ${
      label === undefined ? null : html`aria-label="${label}"`
    }>${text}</button>`,
  );

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  /** Of the HTML standard: what a password manager fills in. */
  readonly autocomplete: string;
  readonly value?: string;
  readonly help?: string;
  readonly isWrong?: boolean;
  readonly isCode?: boolean;
};

export function field({ name, label, type, autocomplete, value, help, isWrong, isCode }: Field): Html {
  const described = [
    ...(help === undefined ? [] : [`${name}-help`]),
    ...(isWrong === true ? ['problem'] : []),
  ].join(' ');
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required maxlength="400" autocapitalize="none" spellcheck="false"${
    value === undefined ? null : html` value="${value}"`
  }${isCode === true ? html` class="code"` : null}${isWrong === true ? html` aria-invalid="true"` : null}${
    described === '' ? null : html` aria-describedby="${described}"`
  }>${help === undefined ? null : html`<p class="help" id="${name}-help">${help}</p>`}`;
}

export const problem = (text: string | null): Html | null =>
  text === null ? null : html`<p class="wrong" role="alert" id="problem">${text}</p>`;

export const notice = (text: string | null): Html | null =>
  text === null ? null : html`<p class="well" role="status">${text}</p>`;

/** How long is to be waited, as it is said and as Retry-After has it. */
export function waiting(
  { words }: Visit,
  until: Instant,
  now: Instant,
): { text: string; retryAfterSeconds: number } {
  const milliseconds = Math.max(until - now, 1);
  return {
    text: words.wait(Math.ceil(milliseconds / MINUTE)),
    retryAfterSeconds: Math.ceil(milliseconds / 1000),
  };
}

/** Hidden until the script shows it. @param options of the browser's own call. */
export const passkeyForm = (
  visit: Visit,
  path: string,
  { kind, options, fields, failed, text, isQuiet = false }: PasskeyForm,
): Html =>
  html`<form method="post" action="${visit.to(path)}" data-passkey="${kind}" data-options="${JSON.stringify(options)}" class="full" hidden>
${tokenField(visit)}<input type="hidden" name="credential">${fields}
<p class="wrong" role="alert" hidden>${failed}</p>
<button${isQuiet ? html` class="quiet"` : null}>${text}</button></form>`;

type PasskeyForm = {
  readonly kind: 'create' | 'get';
  readonly options: object;
  readonly fields: Html | null;
  readonly failed: string;
  readonly text: string;
  /** Another way goes first. */
  readonly isQuiet?: boolean;
};
