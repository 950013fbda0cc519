import { extname } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { PULSE_BYTES, type ThreadData } from './messages.ts';

/** Built, or as it is in the tree. */
const PROGRAM = extname(import.meta.url) === '.ts' ? './thread-from-source.mjs' : './thread.js';

/** What it may need of the environment: none of the gateway's own keys and addresses. */
const VARIABLES = ['TZ', 'LANG', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS'];

export function startThread(
  data: Omit<ThreadData, 'port' | 'pulse'>,
  memoryMebibytes: number,
): { readonly worker: Worker; readonly port: MessagePort; readonly pulse: Int32Array } {
  const { port1, port2 } = new MessageChannel();
  const pulse = new SharedArrayBuffer(PULSE_BYTES);
  const workerData: ThreadData = { ...data, port: port2, pulse };
  const worker = new Worker(new URL(PROGRAM, import.meta.url), {
    workerData,
    transferList: [port2],
    env: Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]])),
    argv: [],
    execArgv: [],
    // Nobody reads them: what it prints may name a patient (silence.ts stops it at its source).
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMebibytes, maxYoungGenerationSizeMb: 32 },
    name: 'adapter',
  });
  return { worker, port: port1, pulse: new Int32Array(pulse) };
}
