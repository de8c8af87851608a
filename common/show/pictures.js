// pictures: the pictures of handouts and README, made by `make pictures` from the page itself.
//
//   stageN_*/pictures/replay-{light,dark}.png     a moment of that stage's scenario
//   common/show/pictures/real-{light,dark}.png    python3 at work: what a heap looks like
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { THEMES, build, closeBrowser, openPage, reader, settled } from './tests/harness.js';

const MOST_BYTES = 200 * 1024;

// The moment: so many steps after the note that begins like this; and the layers that it is about.
const MOMENTS = [
    { stage: 1, note: 'Two objects come back', steps: 2, height: 370, layers: ['pools'] },
    { stage: 2, note: 'More comes back', steps: 4, height: 410, layers: ['threads', 'central'] },
    { stage: 3, note: 'A whole batch comes back', steps: 1, height: 410, layers: ['threads', 'central'] },
    { stage: 4, note: 'C is freed', steps: 1, height: 520, layers: ['pagecache', 'map'] },
];

// Only what a picture can show: no controls, no lists of events.
const STYLE = `
    body { padding: 0; } #controls, #theme, .about, aside > :not(#now) { display: none; }
    .top { padding: 1.2rem 1.5rem .6rem; } main { padding: 0 1.5rem 1rem; } aside { max-height: none; }`;

async function picture(file, html, { theme, width, height, prepare }) {
    const { page, close } = await openPage(html, { theme, width, height, scale: 1.25 });
    await page.addStyleTag({ content: STYLE });
    await page.evaluate(prepare.script, prepare.argument);
    await settled(page);
    await settled(page);
    await page.screenshot({ path: file });
    await close();
    const { size } = statSync(file);
    console.log(`${file}: ${Math.round(size / 1024)} KiB`);
    if (size > MOST_BYTES) throw new Error(`${file} has more than ${MOST_BYTES} bytes`);
}

function goToMoment({ note, steps, layers }) {
    for (const layer of document.querySelectorAll('.layer')) if (!layers.includes(layer.id)) layer.hidden = true;
    const { player } = window.replay;
    const { trace } = player;
    for (let event = trace.first; event <= trace.last(); event++)
        if (trace.call(event) === 2 && trace.note(event).startsWith(note)) player.goTo(event);
    for (let i = 0; i < steps; i++) player.step(1);
}

function goToPart({ part, layers }) {
    for (const layer of document.querySelectorAll('.layer')) if (!layers.includes(layer.id)) layer.hidden = true;
    const { player } = window.replay;
    player.goTo(Math.round(player.trace.last() * part));
}

const folders = readdirSync('.').filter(name => /^stage\d_/.test(name));
for (const theme of THEMES) {
    for (const moment of MOMENTS) {
        const folder = `${folders.find(name => name.startsWith(`stage${moment.stage}_`))}/pictures`;
        mkdirSync(folder, { recursive: true });
        await picture(`${folder}/replay-${theme}.png`, `${build}/show/stage${moment.stage}.html`,
            { theme, width: 1120, height: moment.height, prepare: { script: goToMoment, argument: moment } });
    }
    reader('html', `${build}/trace/real.trace`, '--out', `${build}/show/real.html`, '--window', '1..100000', '--title', 'python3 on the memory pool');
    await picture(`common/show/pictures/real-${theme}.png`, `${build}/show/real.html`,
        { theme, width: 1120, height: 720, prepare: { script: goToPart, argument: { part: 0.9, layers: ['threads', 'map'] } } });
}
await closeBrowser();
