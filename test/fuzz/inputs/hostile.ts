/** What breaks parsers, whatever they parse. */

const long = (text: string, times: number): string => text.repeat(times);

/** To stand anywhere in a text. */
export const HOSTILE_TEXTS: readonly string[] = [
  // Names that JavaScript takes for something else.
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'],
  // Characters: controls, half a pair, a mark of the order of bytes, directions (CVE-2021-42574), joiners, other digits.
  ...[
    '\0',
    '\u0007',
    '\u001b[2J',
    '\ud800',
    '\udfff',
    '\ufeff',
    '\u202e',
    '\u2066',
    '\u200d',
    '٣',
    '１',
    'İ',
  ],
  ...['\r\n', '\n', '\r', '\u2028', '\u0085', '\t', ' ', '\u00a0', '\u{10ffff}', 'e\u0301', '👨‍👩‍👧'],
  // Numbers.
  ...[
    '0',
    '-0',
    '-1',
    '1e400',
    '1e-400',
    '9007199254740993',
    '2147483648',
    '4294967296',
    '-9223372036854775809',
  ],
  ...['NaN', 'Infinity', '0x10', '1_000', '١', '00000000001', '99999999999999999999999999', '.5', '5.'],
  // Times.
  ...['0000-00-00', '9999-12-31T23:59:59Z', '10000-01-01', '+275760-09-13', '-271821-04-20', '2026-02-30'],
  ...['2026-03-08T02:30:00', '2026-11-01T01:30:00', '23:59:60', '24:00:00', '2026-W53', '99999999999'],
  // Syntax of somebody.
  ...[
    '%',
    '%00',
    '%2',
    '%ff',
    '%u0041',
    '%25',
    '+',
    '&',
    '=',
    ';',
    ',',
    '|',
    '$',
    '\\',
    '"',
    "'",
    '`',
    '<',
    '>',
  ],
  ...[
    '..',
    '../../etc/passwd',
    '//',
    '/',
    '?',
    '#',
    ':',
    '.',
    '*',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '$(x)',
    '{{x}}',
  ],
  ...[
    "' or 1=1 --",
    '<script>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    ']]>',
    '<![CDATA[',
    '&x',
    '*x',
    '!!js',
  ],
  ...[
    'null',
    'true',
    'undefined',
    '[]',
    '{}',
    '""',
    'urn:',
    'javascript:',
    'file:///',
    'http://[',
    'http://:0',
  ],
  // What some regular expressions never end with, and what is long.
  ...[
    `${long('a', 60)}!`,
    `${long(' ', 300)}x`,
    long('0', 300),
    long('1.', 200),
    long('a,', 300),
    long('((', 99),
  ],
  ...[long('A', 5_000), long('é', 3_000), long('\t', 4_000), long('-', 2_000), long('/', 1_000)],
];

/** To stand anywhere in JSON. */
export const HOSTILE_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e308, 5e-324, 2 ** 53 + 2, 2 ** 31, 2 ** 32, -(2 ** 63)],
  ...['', ' ', [], {}, [[]], [null], [{}], { '': '' }, { length: 1e9 }, { toString: 1 }, { toJSON: 'x' }],
];

export const HOSTILE_KEYS: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'valueOf', 'hasOwnProperty', 'then'],
  ...['', ' ', '0', '-1', 'length', '\0', '\ud800', 'a.b', 'a/b', '$ref', 'extension', 'id', 'resourceType'],
];
