import { Fault } from '../../src/adapter/faults.ts';

/** NDJSON in bounded memory: one line at a time, whatever the file has. */

export type Line =
  | { readonly kind: 'json'; readonly value: unknown }
  /** Not JSON, or longer than any resource here is. */
  | { readonly kind: 'bad'; readonly text: string };

/** A slot has some hundred. */
const CHARACTERS_MAX = 64 * 1024;

/**
 * @param label of the file, for faults. @throws Fault `malformed` when it is no NDJSON from its first line on, or ends
 * within a line: what was cut off is not the end of a list.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8');
  let isFirst = true;
  const read = (text: string): Line => {
    const line = parsed(text);
    if (isFirst && (line.kind === 'bad' || typeof line.value !== 'object' || line.value === null)) {
      throw new Fault('malformed', `${label}: not NDJSON`);
    }
    isFirst = false;
    return line;
  };
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      const text = rest.slice(from, end).trim();
      from = end + 1;
      if (isTooLong) yield { kind: 'bad', text: '' };
      else if (text !== '') yield read(text);
      isTooLong = false;
    }
    rest = rest.slice(from);
    if (rest.length > CHARACTERS_MAX) {
      // Up to its end, without keeping it.
      isTooLong = true;
      rest = '';
    }
  }
  const last = (rest + decoder.decode()).trim();
  if (isTooLong) throw new Fault('malformed', `${label}: ends within a line`);
  if (last === '') return;
  const line = read(last);
  if (line.kind === 'bad') throw new Fault('malformed', `${label}: ends within a line`);
  yield line;
}

function parsed(text: string): Line {
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'bad', text };
  }
}
