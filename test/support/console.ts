import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { en } from '../../console/src/i18n/en.ts';
import { fr, type Words } from '../../console/src/i18n/fr.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { expectAccessible } from './browser.ts';

/** The console as somebody sees it who is signed in: in one language, watched for whatever goes wrong in the page. */

export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What stands in the link of a demonstration, in tests. */
export const ENTRY_KEY = 'entry-key-of-the-tests';

export const WORDS: Readonly<Record<Language, Words>> = { fr, en };

const EXPECTED = /status of 4\d\d|net::ERR_(CONNECTION_|EMPTY_RESPONSE)/;

const SHOTS = process.env['TEST_SCREENSHOTS'];
/** A machine that tests four files at once is slow; what fails should not take the whole test's time. */
const TIMEOUT_MILLISECONDS = 15_000;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1360, height: 900 };

export class Console {
  readonly page: Page;
  readonly words: Words;
  readonly language: Language;
  readonly #context: BrowserContext;
  readonly #problems: string[] = [];
  readonly #origin: string;

  private constructor(context: BrowserContext, page: Page, origin: string, language: Language) {
    this.#context = context;
    this.page = page;
    this.#origin = origin;
    this.language = language;
    this.words = WORDS[language];
    page.on('console', (message) => message.type() === 'error' && this.#problems.push(message.text()));
    page.on('pageerror', (error) => this.#problems.push(error.message));
  }

  /** @param key of the link to the console, as the gateway's environment has it. */
  static async open(
    browser: Browser,
    origin: string,
    language: Language,
    key: string = ENTRY_KEY,
  ): Promise<Console> {
    const opened = await Console.openSignedOut(browser, origin, language);
    await opened.go(`/auth/demonstration?key=${key}`);
    await opened.page.locator('main').waitFor();
    return opened;
  }

  /** A browser in which nobody has signed in so far. */
  static async openSignedOut(browser: Browser, origin: string, language: Language): Promise<Console> {
    const built = existsSync(join(packageRoot, 'dist', 'console', 'index.html'));
    if (!built) throw new Error('the console is not built: npm run build:console');
    const context = await browser.newContext({
      locale: `${language}-CA`,
      timezoneId: 'Europe/Paris',
      viewport: DESK,
      reducedMotion: 'reduce',
    });
    await context.addInitScript(`localStorage.setItem('passerelle.language', '${language}')`);
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MILLISECONDS);
    return new Console(context, page, origin, language);
  }

  go(path: string): Promise<unknown> {
    return this.page.goto(this.#origin + path);
  }

  /** By its exact name. */
  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** As `press`, in the dialog that stands over the page. */
  confirm(name: string): Promise<void> {
    return this.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  }

  fill(label: string, text: string): Promise<void> {
    return this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Waits until the page tells that something was done. @param text as in the words, up to its first field. */
  async told(text: string): Promise<void> {
    await this.page.locator('.notice', { hasText: beforeField(text) }).waitFor();
  }

  /**
   * By axe, on a desk and on a telephone. In French all of it, and the colours of the dark as well; in English all but colours,
   * which know no language. With a picture of each where TEST_SCREENSHOTS names a folder.
   */
  async look(name: string): Promise<void> {
    const isFrench = this.language === 'fr';
    await expectAccessible(this.page, isFrench ? 'all' : 'all but contrast');
    await this.#shoot(`${name}-${this.language}-light`);
    if (isFrench) {
      await this.page.emulateMedia({ colorScheme: 'dark' });
      await expectAccessible(this.page, 'contrast only');
      await this.#shoot(`${name}-${this.language}-dark`);
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    await this.page.setViewportSize(PHONE);
    await this.#shoot(`${name}-${this.language}-phone`);
    const wide = await this.page.evaluate('document.documentElement.scrollWidth');
    expect(wide, `${name} on a telephone`).to.be.at.most(PHONE.width);
    await this.page.setViewportSize(DESK);
  }

  /**
   * Nothing failed in the page, and its policy blocked nothing; what the gateway refused, and that nobody answers while it starts
   * anew, is for the test to expect.
   */
  expectNoProblems(): void {
    expect(this.#problems.filter((text) => !EXPECTED.test(text))).to.deep.equal([]);
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  async #shoot(name: string): Promise<void> {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }
}

const beforeField = (text: string): string => text.split('{{')[0] ?? text;
