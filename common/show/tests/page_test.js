// The replay page: it loads, its controls do what they say, it can be read by everybody.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import { THEMES, WIDTHS, build, closeBrowser, fitsItsWidth, noSeriousFinding, openPage, reader, settled } from './harness.js';

after(closeBrowser);
const scenario = stage => `${build}/show/stage${stage}.html`;
const at = page => page.evaluate(() => window.replay.player.event);
const last = page => page.evaluate(() => window.replay.player.trace.last());
const isPlaying = page => page.evaluate(() => window.replay.player.playing);
const callAt = page => page.evaluate(() => window.replay.player.trace.call(window.replay.player.event));
const CALL = { FETCH: 30, RELEASE: 31, SPAN_ALLOC: 40, SPAN_FREE: 41 };

for (const stage of [1, 2, 3, 4]) {
    for (const theme of THEMES) {
        test(`stage ${stage} fits every width and has no serious finding, ${theme}`, async () => {
            const { page, close } = await openPage(scenario(stage), { theme });
            await page.evaluate(() => { window.replay.player.goTo(Math.round(window.replay.player.trace.last() * 0.6)); });
            for (const width of WIDTHS) {
                await page.setViewportSize({ width, height: 900 });
                await settled(page);
                await fitsItsWidth(page);
            }
            await noSeriousFinding(page);
            if (stage === 4) await page.setViewportSize({ width: WIDTHS[0], height: 780 });
            if (stage === 4) await noSeriousFinding(page);
            await close();
        });
    }
}

test('a step goes one stop forward, and back to where it was', async () => {
    const { page, close } = await openPage(scenario(2));
    const start = await at(page);
    await page.click('#forward');
    assert.ok(await at(page) > start);
    await page.click('#back');
    assert.equal(await at(page), start);
    await page.click('#last');
    assert.equal(await at(page), await last(page));
    await settled(page);
    assert.ok(await page.isDisabled('#forward'));
    await page.click('#first');
    assert.equal(await at(page), 0);
    await settled(page);
    assert.ok(await page.isDisabled('#back'));
    await close();
});

test('the keyboard does what the buttons do', async () => {
    const { page, close } = await openPage(scenario(2));
    await page.keyboard.press('Home');
    assert.equal(await at(page), 0);
    await page.keyboard.press('ArrowRight');
    const first = await at(page);
    assert.ok(first > 0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await at(page), first);
    await page.keyboard.press('b');
    assert.ok([CALL.FETCH, CALL.RELEASE].includes(await callAt(page)));
    await page.keyboard.press('End');
    assert.equal(await at(page), await last(page));
    await page.keyboard.press('Shift+S');
    assert.ok([CALL.SPAN_ALLOC, CALL.SPAN_FREE].includes(await callAt(page)));
    await page.keyboard.press(' ');
    assert.ok(await isPlaying(page));
    await page.keyboard.press(' ');
    assert.ok(!await isPlaying(page));
    await close();
});

test('jumps lead to the next batch, span and coalesce', async () => {
    const { page, close } = await openPage(scenario(4));
    await page.click('#first');
    await page.click('#next-batch');
    assert.ok([CALL.FETCH, CALL.RELEASE].includes(await callAt(page)));
    await page.click('#first');
    await page.click('#next-span');
    assert.equal(await callAt(page), CALL.SPAN_ALLOC);
    const free = () => page.evaluate(() => window.replay.stateAt(window.replay.player.event).free.length);
    // The scenario frees A, C and B: at B three free spans become one.
    for (let i = 0; i < 3; i++) {
        await page.click('#next-coalesce');
        const event = await at(page);
        const [before, now] = await page.evaluate(k => [k - 1, k].map(e => window.replay.stateAt(e).free.length), event);
        assert.ok(now <= before, `at event ${event} there are ${before}, then ${now} free spans`);
    }
    assert.ok(await free() >= 1);
    await close();
});

test('playing goes on by itself to the end, and pauses when told', async () => {
    const { page, close } = await openPage(scenario(3));
    await page.selectOption('#speed', '32');
    await page.click('#first');
    await page.click('#play');
    await page.waitForFunction(() => document.getElementById('play').getAttribute('aria-label') === 'Pause');
    await page.waitForFunction(() => window.replay.player.event === window.replay.player.trace.last() && !window.replay.player.playing, null, { timeout: 30000 });
    await page.waitForFunction(() => document.getElementById('play').getAttribute('aria-label') === 'Play');
    await page.selectOption('#speed', '1');
    await page.click('#play');
    await page.click('#play');
    assert.ok(!await isPlaying(page));
    await close();
});

test('scrubbing shows the event it stops at', async () => {
    const { page, close } = await openPage(scenario(4));
    await page.focus('#scrub');
    await page.$eval('#scrub', (input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }, 100);
    assert.equal(await at(page), 100);
    await page.waitForFunction(() => document.getElementById('number').textContent === '100');
    await close();
});

test('"every event" stops at entries of the page map too', async () => {
    const { page, close } = await openPage(scenario(2));
    await page.click('#first');
    await page.check('#detail');
    await page.click('#forward');
    await page.click('#forward');
    assert.equal(await at(page), 2);
    await close();
});

test('an object that is chosen tells its story, each line leads to its event', async () => {
    const { page, close } = await openPage(scenario(2));
    await page.evaluate(() => window.replay.player.goTo(60));
    await settled(page);
    await page.click('#threads .strip:not(:disabled)');
    await settled(page);
    const lines = page.locator('#story-body .events button');
    assert.ok(await lines.count() >= 3);
    const event = +(await lines.nth(1).locator('b').textContent());
    await lines.nth(1).click();
    assert.equal(await at(page), event);
    await page.click('#story-body > button');
    await settled(page);
    assert.match(await page.textContent('#story-body'), /room for 4: \d in use, \d in threads/);
    await close();
});

test('a span can be chosen on the map, by keyboard too', async () => {
    const { page, close } = await openPage(scenario(2));
    await page.click('#last');
    await page.evaluate(() => window.replay.player.goTo(60));
    await page.focus('#map canvas');
    await page.keyboard.press('ArrowRight');
    await settled(page);
    assert.match(await page.textContent('#story-body'), /span of class/);
    assert.equal(await at(page), 60);
    await close();
});

test('the theme follows the system until it is chosen', async () => {
    const { page, close } = await openPage(scenario(1), { theme: 'dark' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await paper();
    await page.click('#theme');
    assert.notEqual(await paper(), dark);
    await page.click('#theme');
    assert.equal(await paper(), dark);
    await close();
});

test('a broken invariant is shown at its event', async () => {
    const file = `${build}/show/broken.html`;
    reader('html', `${build}/trace/broken.trace`, '--out', file);
    const { page, close } = await openPage(file);
    assert.ok(await page.isVisible('#violations'));
    const line = page.locator('#violation-list button').first();
    const event = +(await line.locator('b').textContent());
    assert.ok(await page.isHidden('#broken'));
    await line.click();
    assert.equal(await at(page), event);
    await page.waitForSelector('#broken:not([hidden])');
    assert.match(await page.textContent('#broken'), /is freed, and is not the program/);
    await noSeriousFinding(page);
    await close();
});

test('a script that is run again is told call by call', async () => {
    execFileSync('make', ['--no-print-directory', '-s', 'show', 'FAIL=common/show/tests/fine.script', 'IMPL=solution', `BUILD=${build}`]);
    const { page, close } = await openPage(`${build}/show/failure.html`);
    assert.equal(await page.textContent('h1'), 'object_pool_property/keeps_objects_apart_whatever_the_calls');
    await page.keyboard.press('Home');
    for (const call of ['alloc pool=0 slot=0', 'alloc pool=0 slot=1', 'free slot=0', 'alloc pool=0 slot=2']) {
        await page.keyboard.press('n');
        await settled(page);
        assert.equal(await page.textContent('#note'), call);
    }
    await close();
});
