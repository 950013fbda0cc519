import { Agent, request } from 'node:http';

/** The bare client of the floors: one request over a connection that is kept; whatever comes back is the answer. */
export function caller(url: string, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  return (method: 'GET' | 'POST', path: string, body = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          agent,
          hostname,
          port,
          method,
          path,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve(text));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
}
