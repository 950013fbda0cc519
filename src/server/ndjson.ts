import type { Response } from 'express';
import type { Failed } from './contract/common.ts';
import type { Shown } from './contract/route.ts';

/**
 * NDJSON of something that takes a while: a line for each step, then one with the result. It goes on when the client leaves.
 * @param say hears each line.
 * @param work its last line; what it throws is told as `failed`.
 */
export async function answerAsItGoes<Line>(
  response: Response,
  say: (status: 200, line: Line | Shown<typeof Failed>) => void,
  work: (line: (said: Line) => void) => Promise<Line>,
  report: (error: unknown) => string,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
  });
  const line = (body: Line | Shown<typeof Failed>): void => {
    say(200, body);
    if (!response.destroyed) response.write(`${JSON.stringify(body)}\n`);
  };
  try {
    line(await work(line));
  } catch (error) {
    const reason = `the server failed; its log has it under ${report(error)}`;
    line({ type: 'result', outcome: 'failed', reason });
  }
  response.end();
}
