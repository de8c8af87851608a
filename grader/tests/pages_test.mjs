// The grader's pages in headless Chromium: they fit every width in both themes, are accessible, log
// nothing and ask for nothing; a submission full of markup runs nothing; the table sorts and filters.
//
//     PAGES=folder with report.html (of fixtures/markup) and class/index.html
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { THEMES, WIDTHS, closeBrowser, fitsItsWidth, noSeriousFinding, openPage, settled } from '../../common/show/tests/harness.js';

after(closeBrowser);
const pages = process.env.PAGES;
const student = `${pages}/report.html`;
const everybody = `${pages}/class/index.html`;
const options = { ready: null };

for (const [what, file] of [['student', student], ['class', everybody]])
    for (const theme of THEMES)
        test(`the page of a ${what} fits every width and has no serious finding, ${theme}`, async () => {
            const { page, close } = await openPage(file, { ...options, theme });
            for (const width of WIDTHS) {
                await page.setViewportSize({ width, height: 900 });
                await page.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));
                await settled(page);
                await fitsItsWidth(page);
                if (width !== 820) await noSeriousFinding(page);
                if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${what}-${width}-${theme}.png`, fullPage: true });
            }
            await close();
        });

test('what a submission is full of is shown, and does not run', async () => {
    const { page, close } = await openPage(student, options);
    const found = await page.evaluate(() => ({
        title: document.title,
        elements: document.querySelectorAll('img, script, iframe, form, body style').length,
        text: document.body.textContent,
        mains: document.querySelectorAll('body > main').length,
        last: document.body.lastElementChild.tagName,
        direction: document.body.textContent.includes('\u202e'),
    }));
    assert.match(found.title, /^Grade report: /);
    assert.equal(found.elements, 0);
    assert.equal(found.mains, 1);
    assert.equal(found.last, 'FOOTER');
    assert.equal(found.direction, false);
    assert.ok(found.text.includes('<script>document.title = "pwned"</script>'));
    assert.ok(found.text.includes('<img src=x onerror=alert(1)><b>own test</b>'));
    await close();
});

test('the finding stands at its line of the source', async () => {
    const { page, close } = await openPage(student, options);
    const line = await page.textContent('.source .found');
    assert.match(line, /never_set/);
    const remark = await page.textContent('.source .found + .remark');
    assert.match(remark, /uninitialised/);
    await close();
});

const column = (page, index) => page.$$eval('#students tbody tr', (rows, i) => rows.map(row => row.cells[i].dataset.sort), index);

test('a click on a head sorts, and once more turns it round', async () => {
    const { page, close } = await openPage(everybody, options);
    const total = '#students thead th:nth-child(2) button';
    await page.click(total);
    const upward = (await column(page, 1)).map(Number);
    assert.deepEqual(upward, [...upward].sort((a, b) => a - b));
    assert.equal(await page.getAttribute('#students thead th:nth-child(2)', 'aria-sort'), 'ascending');
    await page.click(total);
    assert.deepEqual((await column(page, 1)).map(Number), upward.reverse());
    await close();
});

test('the field above the table leaves only what has its text', async () => {
    const { page, close } = await openPage(everybody, options);
    await page.fill('#filter', 'SKELETON');
    const shown = await page.$$eval('#students tbody tr:not([hidden])', rows => rows.map(row => row.cells[0].textContent));
    assert.deepEqual(shown, ['skeleton']);
    assert.equal(await page.textContent('#shown'), '1 shown');
    await page.fill('#filter', '');
    assert.equal(await page.$$eval('#students tbody tr[hidden]', rows => rows.length), 0);
    await close();
});

test('each name leads to the page of its student', async () => {
    const { page, close } = await openPage(everybody, options);
    const links = await page.$$eval('#students a', all => all.map(a => [a.textContent, a.getAttribute('href')]));
    assert.ok(links.length >= 2);
    for (const [name, href] of links)
        assert.match(href, /^\.\/[A-Za-z0-9._-]+\/report\.html$/, name);
    await page.click('#students a:text("skeleton")').catch(() => {});
    await page.waitForURL(/skeleton\/report\.html$/);
});
