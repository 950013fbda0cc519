import { Parser } from 'htmlparser2';

/**
 * What a reader sees of an HTML part, line by line. Nothing is loaded, no style sheet is looked at, and what its own attributes hide is
 * left out: a reader cannot have meant it.
 */

const CHARACTERS_MAX = 200_000;
const DEPTH_MAX = 200;

const UNSEEN = new Set([
  'head',
  'script',
  'style',
  'template',
  'noscript',
  'title',
  'iframe',
  'object',
  'select',
  'textarea',
]);
/** Elements without an end (HTML, 13.1.2): nothing is inside of them. */
const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
const INLINE = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Declarations that leave nothing to see, without their spaces. */
const HIDING = [
  ...[
    'display:none',
    'visibility:hidden',
    'visibility:collapse',
    'mso-hide:all',
    'opacity:0;',
    'font-size:0;',
    'font-size:0px',
  ],
  ...[
    'max-height:0;',
    'max-height:0px',
    'max-width:0;',
    'max-width:0px',
    'height:0;',
    'height:0px',
    'width:0;',
    'width:0px',
  ],
];

export function seenIn(html: string): string {
  const pieces: string[] = [];
  let length = 0;
  let depth = 0;
  /** The depth at which something unseen began; null = all is seen. */
  let unseenFrom: number | null = null;
  const say = (text: string): void => {
    if (unseenFrom !== null || length > CHARACTERS_MAX) return;
    pieces.push(text);
    length += text.length;
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      if (!INLINE.has(name)) say('\n');
      if (VOID.has(name)) return;
      depth += 1;
      if (unseenFrom === null && (depth > DEPTH_MAX || isHidden(name, attributes))) unseenFrom = depth;
    },
    ontext: (text) => say(text.replace(/\s/g, ' ')),
    onclosetag(name) {
      if (VOID.has(name)) return;
      if (unseenFrom === depth) unseenFrom = null;
      depth -= 1;
      if (!INLINE.has(name)) say('\n');
    },
  });
  parser.write(html.slice(0, 2 * CHARACTERS_MAX));
  parser.end();
  return pieces.join('').slice(0, CHARACTERS_MAX);
}

function isHidden(name: string, attributes: Readonly<Record<string, string>>): boolean {
  if (UNSEEN.has(name) || 'hidden' in attributes) return true;
  const style = `;${(attributes['style'] ?? '').toLowerCase().replace(/\s|!important/g, '')};`;
  return HIDING.some((declaration) => style.includes(`;${declaration}`));
}
