import { Refused } from './outcomes.ts';

/**
 * What is wrong with a resource is told where it stands in what it came in.
 * @param place FHIRPath of the resource. @throws Refused as `read` does, with other expressions
 */
export function placed<T>(place: string, type: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const issues = error.issues.map(({ expression, ...issue }) => ({
      ...issue,
      expression: isOf(type, expression) ? place + expression.slice(type.length) : place,
    }));
    throw new Refused(error.outcome, issues, error.headers);
  }
}

const isOf = (type: string, expression: string | undefined): expression is string =>
  expression === type || expression?.startsWith(`${type}.`) === true;
