import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { hasBinary } from './servers.ts';

/** A real browser, which `npm run setup` installs. */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin'];

/** Null = there is none. */
export const browserName: string | null = NAMES.find(hasBinary) ?? null;

export function openBrowser(): Promise<Browser> {
  const paths = FOLDERS.map((folder) => `${folder}/${browserName}`);
  const executablePath = paths.find((path) => exists(path)) ?? '';
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/** What axe takes most of its time for, and what another language does not change. */
const CONTRAST = 'color-contrast';

const OPTIONS = {
  all: {},
  'contrast only': { runOnly: [CONTRAST] },
  'all but contrast': { rules: { [CONTRAST]: { enabled: false } } },
} as const;

/** By axe-core, which finds about half of what is wrong with a page: rules of WCAG 2.1 A and AA, and its best practices. */
export async function expectAccessible(page: Page, rules: keyof typeof OPTIONS = 'all'): Promise<void> {
  const options = JSON.stringify(OPTIONS[rules]);
  const found = await page.evaluate(`${AXE}; axe.run(${options}).then(({ violations }) => violations)`);
  const told = (found as Violation[]).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
  expect(told, page.url()).to.deep.equal([]);
}

const SHOTS = process.env['TEST_SCREENSHOTS'];

/** Where TEST_SCREENSHOTS names a folder, so that somebody can look. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}
