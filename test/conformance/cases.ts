import type { Case } from '../../src/conformance/case.ts';
import { CASES } from '../../src/conformance/suite.ts';

export function caseOf(id: string): Case {
  const found = CASES.find((each) => each.id === id);
  if (!found) throw new Error(`no case ${id}`);
  return found;
}
