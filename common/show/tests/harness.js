// harness: pages of this project in headless Chromium, for tests and for pictures.
//
//     const { page, close } = await openPage('build/show/stage2.html', { width: 820, theme: 'dark' });
//     await noSeriousFinding(page);        accessibility, by axe-core
//     await fitsItsWidth(page);
//     await close();                       fails if the page logged an error, or asked for anything
//
// What it needs lies in build/show/node_modules (common/show/package.json, installed by show.mk).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const build = process.env.BUILD ?? 'build';
const require = createRequire(resolve(build, 'show/package.json'));
const { chromium } = require('playwright-core');

export const WIDTHS = [360, 820, 1440];
export const THEMES = ['light', 'dark'];

// Nothing but the page: no updates, no connections of the browser's own.
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
let browser = null;

export async function openBrowser() {
    browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
    return browser;
}

export async function closeBrowser() {
    await browser?.close();
    browser = null;
}

// `ready`: what the page defines when it is complete; null where it has no script.
export async function openPage(file, { width = 1440, height = 900, theme = 'light', ready = 'replay', scale = 1, reducedMotion = 'reduce', prepare } = {}) {
    const context = await (await openBrowser()).newContext({ viewport: { width, height }, colorScheme: theme, deviceScaleFactor: scale, reducedMotion });
    const page = await context.newPage();
    const complaints = [];
    const url = pathToFileURL(resolve(file)).href;
    page.on('console', message => { if (message.type() === 'error') complaints.push(`console: ${message.text()}`); });
    page.on('pageerror', error => complaints.push(`error: ${error.message}`));
    page.on('request', request => { if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(`asks for ${request.url()}`); });
    await prepare?.(page); // before it is loaded
    await page.goto(url);
    if (ready) await page.waitForFunction(name => window[name], ready, { timeout: 60000 });
    const close = async () => {
        await context.close();
        assert.deepEqual(complaints, [], `${file}: the page complains`);
    };
    return { page, close, complaints };
}

// What was changed is drawn with the next frame.
export async function settled(page) {
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
}

// Serious and critical findings end the test; lesser ones are not looked at.
export async function noSeriousFinding(page) {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')); // whatever scripts the page allows
    const found = await page.evaluate(async () => (await window.axe.run()).violations
        .filter(v => v.impact === 'serious' || v.impact === 'critical')
        .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')}`));
    assert.deepEqual(found, [], 'axe-core finds');
}

// Nothing makes the page wider than the window.
export async function fitsItsWidth(page) {
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window, `the page is ${wide} pixels wide in a window of ${window}`);
}

// The program trace-reader, as text.
export function reader(...parameters) {
    return execFileSync(`${build}/trace-reader`, parameters, { encoding: 'utf8', maxBuffer: 1 << 30 });
}
