import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Refused } from './outcomes.ts';

export const BODY_BYTES_MAX = 256 * 1024;

const decompressed = promisify(gunzip);

/** The body as text. @throws Refused when it is longer than that, also once it is unpacked, or not UTF-8. */
export async function readBody(request: IncomingMessage, bytesMax = BODY_BYTES_MAX): Promise<string> {
  const coding = request.headers['content-encoding']?.toLowerCase();
  if (coding !== undefined && coding !== 'gzip' && coding !== 'identity') {
    throw new Refused('wrong-media-type', {
      diagnostics: {
        fr: 'Content-Encoding : gzip, ou le corps tel quel',
        en: 'Content-Encoding: gzip, or the body as it is',
      },
      expression: 'http.Content-Encoding',
    });
  }
  const sent = await collect(request, bytesMax);
  const bytes = coding === 'gzip' ? await unpacked(sent, bytesMax) : sent;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused('malformed-json', {
      diagnostics: { fr: 'le corps n’est pas en UTF-8', en: 'the body is not UTF-8' },
    });
  }
}

/** A few bytes can be unpacked to gigabytes: it ends at the limit. */
async function unpacked(sent: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await decompressed(sent, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(bytesMax);
    throw new Refused('bad-request', {
      diagnostics: { fr: 'le corps ne se décompresse pas', en: 'the body cannot be unpacked' },
      expression: 'http.Content-Encoding',
    });
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text around the error, which may be a patient.
    throw new Refused('malformed-json', {
      diagnostics: { fr: 'le corps ne se lit pas comme du JSON', en: 'the body could not be parsed as JSON' },
    });
  }
}

function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > bytesMax) return Promise.reject(tooLarge(bytesMax));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // What comes after is let through and thrown away, so that the client can still read the answer.
      if (length > bytesMax) reject(tooLarge(bytesMax));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

const tooLarge = (bytesMax: number): Refused =>
  new Refused('too-large', {
    diagnostics: {
      fr: `le corps dépasse ${bytesMax / 1024} ko`,
      en: `the body is longer than ${bytesMax / 1024} kB`,
    },
  });
