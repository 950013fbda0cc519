import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { Adapter } from '../adapter/contract.ts';
import type { DescriptionError } from '../described/index.ts';
import { type Description, type Issues, PROBLEMS_MAX } from './description.ts';
import { importAdapter } from './entry.ts';
import { ANSWERED } from './messages.ts';

/** Says what the adapter is, then checks settings for as long as it is asked to. */
export async function answerDescription(port: MessagePort, shown: Int32Array, entry: string): Promise<void> {
  const { description, settings } = await describe(entry);
  port.postMessage(JSON.stringify(description));
  port.on('message', (value: unknown) => {
    port.postMessage(JSON.stringify(settings === null ? [] : issuesIn(settings, value)));
    // The other thread does nothing else meanwhile: it waits for this.
    Atomics.store(shown, ANSWERED, 1);
    Atomics.notify(shown, ANSWERED);
  });
}

type Described = { readonly description: Description; readonly settings: z.ZodType | null };

async function describe(entry: string): Promise<Described> {
  const useless = (problem: string): Described => ({
    description: { kind: 'useless', problem: problem.slice(0, 1_000) },
    settings: null,
  });
  let found: { readonly default?: unknown };
  try {
    found = await importAdapter(entry);
  } catch (error) {
    if (isMisdescribed(error)) return { description: misdescribed(error.problems), settings: null };
    return useless(
      `cannot be loaded (${error instanceof Error ? `${error.name}: ${error.message}` : String(error)})`,
    );
  }
  if (found.default === undefined) {
    return useless('has no default export: its main module must export as default what defineAdapter gives');
  }
  const { manifest, contractVersion, connect } = (found.default ?? {}) as Partial<Adapter>;
  if (typeof manifest !== 'object' || manifest === null || typeof connect !== 'function') {
    return useless('has a default export that is no adapter: it must be what defineAdapter gives');
  }
  const { settings, ...data } = manifest;
  try {
    return {
      description: {
        kind: 'described',
        contractVersion: contractVersion ?? null,
        manifest: data,
        settings: z.toJSONSchema(settings, { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
      },
      settings,
    };
  } catch {
    return useless('has settings that are no schema: its manifest must have one of zod 4');
  }
}

/** By its name, since the class is not loaded where no description is read. */
const isMisdescribed = (error: unknown): error is DescriptionError =>
  error instanceof Error && error.name === 'DescriptionError';

const misdescribed = (problems: DescriptionError['problems']): Description => ({
  kind: 'misdescribed',
  problems: problems
    .slice(0, PROBLEMS_MAX)
    .map((each) => ({ ...each, message: each.message.slice(0, 1_000) })),
});

function issuesIn(settings: z.ZodType, value: unknown): Issues {
  try {
    const { error } = settings.safeParse(value);
    return (error?.issues ?? []).map((issue) => ({ ...issue, path: issue.path.map(step) }));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'an error';
    return [
      { code: 'custom', path: [], message: `cannot be checked: the adapter's own schema threw ${name}` },
    ];
  }
}

const step = (key: PropertyKey): string | number => (typeof key === 'number' ? key : String(key));
