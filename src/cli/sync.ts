import { SingleBar } from 'cli-progress';
import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { connectToGateway, type Progress, type Result } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import { chosen } from './status.ts';
import { duration } from './when.ts';

/** `passerelle sync [connection]`: reads it, or all of them one after the other, whole and now. */
export async function sync(
  { variables, stdout }: ProgramDependencies,
  connectionId: string | undefined,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const failed: string[] = [];
  for (const { id } of chosen(await client.status(), connectionId)) {
    const shown = stdout.isTTY ? bar(id, stdout) : lines(id, stdout);
    const result = await client.synchronize(id, shown.progress);
    shown.end();
    stdout.write(`${id}: ${told(result)}\n`);
    if (result.outcome === 'failed') failed.push(id);
  }
  if (failed.length > 0) throw new CommandFailure(`not read: ${failed.join(', ')}`);
}

function told(result: Result): string {
  if (result.outcome === 'failed') return `failed: ${result.reason}`;
  const { rows, slotsChanged, milliseconds } = result;
  return `done, ${rows} rows read, ${slotsChanged} slots new or changed, in ${duration(milliseconds, 'en')}`;
}

type Shown = { readonly progress: (done: Progress) => void; readonly end: () => void };

function bar(id: string, stream: NodeJS.WriteStream): Shown {
  const drawn = new SingleBar({
    stream,
    format: `${id} [{bar}] {value}/{total} calendars, {rows} rows`,
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    progress: ({ feedsDone, feeds, rows }) => {
      if (!started) drawn.start(feeds, feedsDone, { rows });
      else drawn.update(feedsDone, { rows });
      started = true;
    },
    end: () => drawn.stop(),
  };
}

/** For a log: a line when a calendar is done, not one for each page. */
function lines(id: string, stream: NodeJS.WriteStream): Shown {
  let said = -1;
  return {
    progress: ({ feedsDone, feeds, rows }) => {
      if (feedsDone === said) return;
      said = feedsDone;
      stream.write(`${id}: ${feedsDone} of ${feeds} calendars, ${rows} rows\n`);
    },
    end: () => undefined,
  };
}
