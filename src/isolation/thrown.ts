import type { Thrown } from './messages.ts';

/** An error that nobody expected, by its name and the place it was thrown at: its message may quote a patient. */

const CHARACTERS_MAX = 300;
const FRAMES_MAX = 20;

export function thrownOf(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: `a ${typeof error}`, at: '' };
  const name = /^\w{1,100}$/.test(error.name) ? error.name : 'Error';
  const at = framesOf(error).find(isPlace) ?? '';
  return { name, at: at.slice(-CHARACTERS_MAX) };
}

/** The places of `    at name (place)` and `    at place`. Before them stands the message, which may have lines of any look. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = stack.indexOf(message);
  if (end < 0) return [];
  const lines = stack.slice(end + message.length).split('\n', FRAMES_MAX);
  return lines.map((line) =>
    line.slice(Math.max(line.lastIndexOf('(') + 1, '    at '.length)).replace(')', ''),
  );
}

/** A file with line and column, and none of Node's own. */
const isPlace = (text: string): boolean => /^(file:|\/|[A-Z]:)/.test(text) && /:\d{1,7}:\d{1,7}$/.test(text);

export const named = ({ name, at }: Thrown): string => (at === '' ? name : `${name} at ${at}`);
