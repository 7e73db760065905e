/** The machine's own Chromium: playwright-core brings none. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openChromium(): Promise<Browser> {
  const executablePath = places.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      `No Chromium was found (${places.filter(Boolean).join(', ')}). Install it (apt-get install chromium) or set CHROMIUM to its path.`,
    );
  }
  // containers run as root, where Chromium's sandbox cannot; the page is our own
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
