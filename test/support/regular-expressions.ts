/** The regular expressions in a text of TypeScript, found by reading it as a lexer does. */

export type Pattern = { readonly source: string; readonly flags: string; readonly line: number };

/** Before any of these a slash begins a regular expression; after anything else it divides. */
const BEFORE =
  /(?:^|[(,=:[!&|?{};<>+\-*%~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await))\s*$/;
const FLAGS = /^[a-z]*/;

export function patternsIn(text: string): Pattern[] {
  const found: Pattern[] = [];
  let code = '';
  /** For each template that is open: how many braces are open in the hole that is being read. */
  const holes: number[] = [];
  let position = text.startsWith('#!') ? endOf(text, '\n', 0) : 0;
  while (position < text.length) {
    const rest = text.slice(position, position + 2);
    const letter = rest.charAt(0);
    if (rest === '//') position = endOf(text, '\n', position);
    else if (rest === '/*') position = endOf(text, '*/', position + 2) + 2;
    else if (letter === "'" || letter === '"') {
      position = endOfString(text, letter, position + 1) + 1;
      code += '0';
    } else if (letter === '`' || (letter === '}' && holes.at(-1) === 0)) {
      if (letter === '}') holes.pop();
      position = endOfTemplatePart(text, position + 1);
      const isHole = text.startsWith('${', position);
      if (isHole) holes.push(0);
      code += isHole ? '(' : '0';
      position += isHole ? 2 : 1;
    } else if (letter === '/' && BEFORE.test(code.slice(-20))) {
      const end = endOfPattern(text, position + 1);
      const [flags = ''] = FLAGS.exec(text.slice(end + 1, end + 12)) ?? [];
      const line = text.slice(0, position).split('\n').length;
      found.push({ source: text.slice(position + 1, end), flags, line });
      position = end + 1 + flags.length;
      code += '0';
    } else {
      const last = holes.length - 1;
      if (last >= 0 && letter === '{') holes[last] = (holes[last] ?? 0) + 1;
      if (last >= 0 && letter === '}') holes[last] = (holes[last] ?? 0) - 1;
      code += letter;
      position += 1;
    }
  }
  return found;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

function endOfString(text: string, quote: string, from: number): number {
  let position = from;
  while (position < text.length && text.charAt(position) !== quote)
    position += text.charAt(position) === '\\' ? 2 : 1;
  return position;
}

/** Where it ends, or where a hole begins in it. */
function endOfTemplatePart(text: string, from: number): number {
  let position = from;
  while (position < text.length && text.charAt(position) !== '`' && !text.startsWith('${', position))
    position += text.charAt(position) === '\\' ? 2 : 1;
  return position;
}

function endOfPattern(text: string, from: number): number {
  let position = from;
  let inClass = false;
  while (position < text.length) {
    const letter = text.charAt(position);
    if (letter === '/' && !inClass) break;
    if (letter === '[') inClass = true;
    if (letter === ']') inClass = false;
    position += letter === '\\' ? 2 : 1;
  }
  return position;
}
