import { EnvironmentError } from '../config/environment.ts';
import { ConfigurationError } from '../config/problems.ts';
import { OperatorError } from '../system/operator-error.ts';
import { CommandFailure } from './dependencies.ts';

/** What went wrong outside of the program, for its user; null of a defect inside. */
export function messageOf(error: unknown): string | null {
  if (error instanceof ConfigurationError) return `${error.message}\n${error.format()}`;
  const expected = [CommandFailure, EnvironmentError, OperatorError];
  if (error instanceof Error && expected.some((kind) => error instanceof kind)) return error.message;
  return systemMessageOf(error);
}

function systemMessageOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  if (error.code === 'EADDRINUSE') {
    return `${error.message}: another process listens there; stop it, or set PORT to another`;
  }
  return error.message;
}
