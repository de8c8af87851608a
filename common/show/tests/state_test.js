// The state that the page shows is the state that trace-reader works out on its own, in C, at any event.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { build, closeBrowser, openPage, reader } from './harness.js';

after(closeBrowser);
const TRACES = [
    ...[1, 2, 3, 4].map(stage => ({ trace: `${build}/trace/scenario${stage}.trace`, events: 8 })),
    { trace: `${build}/trace/test/exchange.trace`, events: 6 },
    { trace: `${build}/trace/test/exchange.trace`, events: 4, window: '20000..23000' },
    { trace: `${build}/trace/broken.trace`, events: 4 },
];

// The same events at each run: a test that fails can be run again.
function random(seed) {
    let state = seed;
    return below => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor(state / 2147483648 * below);
    };
}

const inOrder = state => ({ ...state, objects: state.objects.sort((a, b) => a[0] - b[0]) });

for (const { trace, events, window: range } of TRACES) {
    test(`${trace}${range ? `, ${range}` : ''}`, async () => {
        const file = `${build}/show/state.html`;
        reader('html', trace, '--out', file, ...(range ? ['--window', range] : []));
        const { page, close } = await openPage(file);
        const [first, last] = await page.evaluate(() => [window.replay.player.trace.first, window.replay.player.trace.last()]);
        const next = random(7);
        const chosen = [first - 1, last, ...Array.from({ length: events }, () => first + next(last - first))];
        for (const event of chosen) {
            const shown = await page.evaluate(k => window.replay.stateAt(k), event);
            const known = JSON.parse(reader('state', trace, '--at', String(event)));
            assert.deepEqual(inOrder(shown), inOrder(known), `after event ${event}`);
        }
        await close();
    });
}
