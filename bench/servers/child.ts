import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';

/** What every process of the bench does: take its task, say that it is ready, answer its parent and end with it. */

const SAMPLING_MICROSECONDS = 200;

/** The task that the parent gave (processes.ts). */
export const task = <Task>(): Task => JSON.parse(process.argv[2] ?? 'null') as Task;

/** What a parent may ask of any of its processes. A profile begins with file null and is written when it ends. */
export type Question =
  | { readonly kind: 'usage' }
  | { readonly kind: 'profile'; readonly file: string | null };

/** @param own answers the questions that only this process knows. */
export function ready(
  url: string | null,
  own: (question: object) => Promise<object> = async () => ({}),
): void {
  const session = new Session();
  session.connect();
  process.on('disconnect', () => process.exit(0));
  process.on('message', (question: object) => {
    const answered = isCommon(question) ? common(session, question) : own(question);
    answered.then(
      (reply) => process.send?.(reply),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.({ url });
}

const isCommon = (question: object): question is Question =>
  'kind' in question && (question.kind === 'usage' || question.kind === 'profile');

async function common(session: Session, question: Question): Promise<object> {
  if (question.kind === 'usage') {
    const { user, system } = process.cpuUsage();
    return { milliseconds: (user + system) / 1000 };
  }
  if (question.file === null) {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS });
    await session.post('Profiler.start');
  } else {
    const { profile } = await session.post('Profiler.stop');
    await writeFile(question.file, JSON.stringify(profile));
  }
  return {};
}

/** @returns the URL. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
