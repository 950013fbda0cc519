/** JSON of somebody else's, before anything walks through it. */

/** Far more than any platform nests, and far less than what a function that calls itself can bear. */
const DEPTH_MAX = 100;

/** Undefined = it is no JSON, or is nested deeper than anything that is meant to be read. */
export function jsonIn(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (depthOf(text) > DEPTH_MAX) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deep brackets are nested, those within strings left out. Of a text that is no JSON it is of no account. */
function depthOf(text: string): number {
  let [depth, deepest, isQuoted] = [0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) index += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
