import type { Response } from 'express';

/**
 * NDJSON of something that takes a while: a line for each step, then one with the result. It goes on when the client leaves.
 * @param work its result; what it throws is told as `failed`.
 */
export async function answerAsItGoes(
  response: Response,
  work: (progress: (done: object) => void) => Promise<object>,
  report: (error: unknown) => string,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
  });
  const line = (value: object): void => {
    if (!response.destroyed) response.write(`${JSON.stringify(value)}\n`);
  };
  try {
    line({ type: 'result', ...(await work((done) => line({ type: 'progress', ...done }))) });
  } catch (error) {
    const reason = `the server failed; its log has it under ${report(error)}`;
    line({ type: 'result', outcome: 'failed', reason });
  }
  response.end();
}
