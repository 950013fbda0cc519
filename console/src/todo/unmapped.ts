/** A code of a platform that no table leads from, as the gateway reports it: `unmapped code <code> in <field>`. */

export type UnmappedCode = {
  /** Null = what stood there does not look like a code, and is not repeated. */
  readonly code: string | null;
  /** Where it stands in the platform's record. */
  readonly field: string;
};

const REPORTED = /^unmapped code (\(not a code\)|\S+) in (.+)$/;

/** Null of what says something else. */
export function unmappedCodeIn(reason: string): UnmappedCode | null {
  const [, code, field] = REPORTED.exec(reason) ?? [];
  if (code === undefined || field === undefined) return null;
  return { code: code === '(not a code)' ? null : code, field };
}
