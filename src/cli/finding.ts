import { styleText } from 'node:util';

/** What the doctor found out about one thing. */
export type Finding = {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly subject: string;
  readonly message: string;
  /** What to do about it; null when there is nothing to do. */
  readonly advice: string | null;
};

export const ok = (subject: string, message: string): Finding => ({
  level: 'ok',
  subject,
  message,
  advice: null,
});

export const warning = (subject: string, message: string, advice: string): Finding => ({
  level: 'warning',
  subject,
  message,
  advice,
});

export const problem = (subject: string, message: string, advice: string): Finding => ({
  level: 'problem',
  subject,
  message,
  advice,
});

const TONES = { ok: 'green', warning: 'yellow', problem: 'red' } as const;

/** `problem  database       cannot be reached (ECONNREFUSED)`, and below it what to do. */
export function renderFinding({ level, subject, message, advice }: Finding, colour: boolean): string {
  const word = level.padEnd(7);
  const lines = [
    `${colour ? styleText(TONES[level], word, { validateStream: false }) : word}  ${subject.padEnd(14)}  ${message}`,
  ];
  if (advice !== null) lines.push(`${' '.repeat(25)}→ ${advice}`);
  return lines.join('\n');
}

/** The shortest that names the fault: a system's code where there is one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
