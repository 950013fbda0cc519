import type { Served } from './served-front.ts';

/** Somebody at a browser without a script: keeps cookies, reads forms and sends them. */

export type Page = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly path: string;
};

type Fields = Readonly<Record<string, string>>;

export class BrowserClient {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor({ url }: Pick<Served, 'url'>) {
    this.#origin = url;
  }

  /** Follows what it is sent on to. */
  async get(path: string, headers: Fields = {}): Promise<Page> {
    return this.#follow(await this.#send('GET', path, headers), path);
  }

  /** The first form of the page that goes there, with these fields filled in. */
  async submit(page: Page, action: string, fields: Fields = {}, headers: Fields = {}): Promise<Page> {
    const body = new URLSearchParams({ token: tokenIn(page.text, action), ...fields });
    return this.post(action, body.toString(), headers);
  }

  async post(path: string, body: string, headers: Fields = {}): Promise<Page> {
    const sent = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      origin: this.#origin,
      ...headers,
    };
    return this.#follow(await this.#send('POST', path, sent, body), path);
  }

  async #follow(response: Response, path: string): Promise<Page> {
    const to = response.headers.get('location');
    if (response.status === 303 && to?.startsWith('/')) return this.get(to);
    return { status: response.status, headers: response.headers, text: await response.text(), path };
  }

  async #send(method: string, path: string, headers: Fields, body?: string): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const given = new Headers({ 'accept-language': 'en', ...(cookie === '' ? {} : { cookie }), ...headers });
    for (const [name, value] of Object.entries(headers)) if (value === '') given.delete(name);
    const sent = body === undefined ? {} : { body };
    const response = await fetch(this.#origin + path, {
      method,
      headers: given,
      redirect: 'manual',
      ...sent,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** Of the form that goes to `action`. */
export function tokenIn(text: string, action: string): string {
  const form = text.split('<form ').find((each) => each.includes(`action="${action}`)) ?? '';
  return /name="token" value="([^"]+)"/.exec(form)?.[1] ?? '';
}
