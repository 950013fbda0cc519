import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';

/**
 * Logs an error that nobody foresaw, without its message: those of databases and parsers quote values, which may be a
 * patient's. Kind, code and place are enough to find it. @returns the id under which it is in the log.
 */
export function reporter(logger: Logger): (error: unknown) => string {
  return (error) => {
    const id = randomUUID();
    logger.error({ id, ...describe(error) }, 'request failed');
    return id;
  };
}

function describe(error: unknown): { kind: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { kind: typeof error };
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    kind: error.name,
    ...('code' in error ? { code: String(error.code) } : {}),
    at: at.slice(0, 10).map((line) => line.trim()),
  };
}
