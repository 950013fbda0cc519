/** How a platform's code that no ConceptMap leads from is named where it is reported: by these words it is counted. */

export const UNMAPPED = 'unmapped code ';

/** What a code looks like; anything else may be text that somebody typed, and is not repeated. */
const CODE = /^[\w.:-]{1,64}$/;

/** @param field where it stands in the platform's record. */
export const unmappedCode = (code: string, field: string): string =>
  `${UNMAPPED}${CODE.test(code) ? code : '(not a code)'} in ${field}`;
