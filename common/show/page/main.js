// main: reads the trace that the page carries, works it out, and puts views and controls together.
//
//   trace ──▶ model (every event, once) ──▶ player: an event ──▶ cells.seek ──▶ views draw what changed
//
// Read order: trace.js, cells.js, model.js; then this; then the views.
import { Trace, CALL } from './trace.js';
import { Model } from './model.js';
import { Words, countText, numberText } from './words.js';
import { Look, canvasOf, element, isDark } from './look.js';
import { ThreadsView } from './view_threads.js';
import { CentralView } from './view_central.js';
import { PagesView } from './view_pages.js';
import { PoolsView } from './view_pools.js';
import { MapView } from './view_map.js';
import { StoryView } from './view_story.js';
import { NowView } from './view_now.js';
import { Motion } from './motion.js';
import { Player, SPEEDS, Stops } from './player.js';

const began = performance.now();
const byId = id => document.getElementById(id);
const facts = JSON.parse(byId('facts').textContent);
const trace = new Trace(byId('trace').textContent, facts.first);
byId('trace').textContent = '';
const model = new Model(trace, facts);

// --- What the trace has: classes, how often, where the jumps lead ---

const usage = new Map();
const classTraffic = new Map();
const notes = [];
const batches = [];
const spans = [];
const usedCalls = new Set();
for (let event = trace.first; event <= trace.last(); event++) {
    const call = trace.call(event);
    const classId = trace.classId(event);
    usedCalls.add(call);
    if (call === CALL.NOTE) notes.push(event);
    if (call === CALL.SPAN_ALLOC || call === CALL.SPAN_FREE) spans.push(event);
    if (call !== CALL.FETCH && call !== CALL.RELEASE) continue;
    batches.push(event);
    const key = trace.thread(event) * 128 + classId;
    usage.set(key, (usage.get(key) ?? 0) + 1);
    classTraffic.set(classId, (classTraffic.get(classId) ?? 0) + 1);
}
const usedClasses = [...new Set([...model.caches.threadLists.map(list => list.classId), ...model.pages.spans.map(span => model.pages.classOf(span))])].sort((a, b) => a - b);

function noteAt(event) {
    let found = 0;
    for (const note of notes) { if (note > event) break; found = note; }
    return found;
}

// --- Views ---

let selected = {};
const words = new Words(trace, facts);
const look = new Look(usedClasses);
const stops = new Stops(trace);
const colored = []; // elements that have a class's colour
const context = {
    trace, facts, model, words, look, stops, usage, classTraffic, usedClasses, colored, noteAt,
    isSubject: trace.count !== 0 && model.caches.threadLists.length === 0,
    hasProgram: usedCalls.has(CALL.ALLOC) || usedCalls.has(CALL.THREAD_ALLOC) || usedCalls.has(CALL.FREE) || usedCalls.has(CALL.THREAD_FREE),
    isShort: trace.count < 2000, // few enough to draw every object large
    selection: () => selected,
    select: choice => { selected = choice; changed(); },
    now: () => player.event,
    go: event => { player.play(false); player.goTo(event); },
};
const views = {
    threads: new ThreadsView(context), central: new CentralView(context), pages: new PagesView(context),
    pools: new PoolsView(context), map: new MapView(context), story: new StoryView(context), now: new NowView(context),
};
const motion = new Motion({ ...context, views });
const player = new Player({ ...context, motion, changed });

let isDirty = false;
function changed() {
    if (isDirty) return;
    isDirty = true;
    requestAnimationFrame(draw);
}

const frames = []; // milliseconds that drawing took, for the test that measures
function draw() {
    isDirty = false;
    const start = performance.now();
    for (const view of Object.values(views)) view.draw();
    drawControls();
    frames.push(performance.now() - start);
    if (frames.length > 2000) frames.shift();
}

function paint() {
    look.refresh();
    for (const [node, classId] of colored) node.style.setProperty('--color', look.classColor(classId));
    drawStrip();
    changed();
}

// --- Controls ---

const scrub = byId('scrub');
scrub.min = trace.first - 1;
scrub.max = trace.last();

function drawControls() {
    if (+scrub.value !== player.event) scrub.value = player.event;
    scrub.setAttribute('aria-valuetext', `event ${player.event} of ${trace.last()}`);
    byId('play').classList.toggle('playing', player.playing);
    byId('play').setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
    byId('first').disabled = byId('back').disabled = player.event < trace.first;
    byId('last').disabled = byId('forward').disabled = player.event >= trace.last();
}

// Under the slider: bytes in use over time, and where invariants break.
function drawStrip() {
    const canvas = byId('strip');
    const width = scrub.clientWidth;
    const height = 26;
    if (!(width > 0)) return;
    const pen = canvasOf(canvas, width, height);
    const at = model.cells.at;
    const values = [];
    for (let x = 0; x < width; x += 2) {
        model.cells.seek(Math.round(x / width * trace.count));
        values.push(model.global('LIVE_BYTES') || model.pages.pools.reduce((sum, pool) => sum + model.pages.poolLive(pool), 0));
    }
    model.cells.seek(at);
    const most = Math.max(1, ...values);
    pen.fillStyle = look.line;
    values.forEach((value, i) => pen.fillRect(i * 2, height - value / most * (height - 4), 2, height));
    const x = event => (event - trace.first + 1) / Math.max(1, trace.count) * (width - 16) + 8;
    pen.fillStyle = look.bad;
    for (const [event] of facts.violations) pen.fillRect(x(event) - 1, 0, 2, height);
    pen.fillStyle = look.accent;
    if (notes.length < 200) for (const note of notes) pen.fillRect(x(note) - 1, height - 3, 2, 3);
}

function on(id, action) { byId(id).addEventListener('click', () => { player.play(false); action(); }); }
on('first', () => player.goTo(trace.first - 1));
on('last', () => player.goTo(trace.last()));
on('back', () => player.step(-1));
on('forward', () => player.step(1));
on('next-batch', () => player.jump(batches, 1));
on('next-span', () => player.jump(spans, 1));
on('next-coalesce', () => player.jump(model.pages.coalesces, 1));
byId('play').addEventListener('click', () => player.play(!player.playing));
scrub.addEventListener('input', () => { if (player.playing) player.play(false); player.goTo(+scrub.value); });
byId('detail').addEventListener('change', event => { stops.events = event.target.checked ? stops.all : stops.main; views.now.nearAt = undefined; changed(); });

player.speed = stops.main.length > 3000 ? 1024 : 2;
byId('speed').append(...SPEEDS.map(speed => element('option', { value: speed, text: `${numberText(speed)} a second`, ...(speed === player.speed ? { selected: '' } : {}) })));
byId('speed').addEventListener('change', event => { player.speed = +event.target.value; });

const keys = {
    ' ': () => player.play(!player.playing), ArrowRight: () => player.step(1), ArrowLeft: () => player.step(-1),
    Home: () => player.goTo(trace.first - 1), End: () => player.goTo(trace.last()),
    b: () => player.jump(batches, 1), B: () => player.jump(batches, -1), s: () => player.jump(spans, 1), S: () => player.jump(spans, -1),
    c: () => player.jump(model.pages.coalesces, 1), C: () => player.jump(model.pages.coalesces, -1),
    n: () => player.jump(notes, 1), N: () => player.jump(notes, -1),
};
document.addEventListener('keydown', event => {
    const inControl = event.target.closest('input, select, button, summary');
    const isTyped = event.target.closest('select, input[type=range]') || (inControl && event.key === ' ');
    if (!keys[event.key] || isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.key !== ' ') player.play(false);
    keys[event.key]();
});

// Remembered where the page may: a file opened from disk may not everywhere.
function remembered() { try { return localStorage.getItem('theme'); } catch { return null; } }
const storedTheme = remembered();
if (storedTheme) document.documentElement.dataset.theme = storedTheme;
byId('theme').addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try { localStorage.setItem('theme', theme); } catch { /* then it is for this visit */ }
    paint();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
new ResizeObserver(() => {
    for (const view of Object.values(views)) view.measure?.();
    paint();
}).observe(document.querySelector('.layers'));

// --- What the page says of itself ---

byId('title').textContent = facts.title || 'A trace';
document.title = `${facts.title || 'A trace'} · memory pool replay`;
const isCut = facts.first !== 1 || facts.last !== facts.events;
const MOST_COMMAND = 90;
const command = facts.command.length > MOST_COMMAND ? `${facts.command.slice(0, MOST_COMMAND)}…` : facts.command;
byId('about').textContent = [command,
    isCut ? `Events ${numberText(facts.first)} to ${numberText(facts.last)} of ${numberText(facts.events)} are shown.` : `${countText(trace.count, 'event')}.`,
    facts.dropped ? `The trace was full: ${numberText(facts.dropped)} records after its end were dropped.` : '',
].filter(Boolean).join(' · ');

document.documentElement.classList.toggle('short', context.isShort);
player.goTo(facts.stage && notes.length !== 0 ? notes[0] : trace.first - 1);
paint();
draw();
const openedAfter = performance.now() - began;
// For tests, and for the curious: the state after any event, as trace-reader state prints it.
window.replay = {
    player, frames, openedAfter,
    stateAt(event) {
        model.cells.seek(event - trace.first + 1);
        const state = model.state();
        model.cells.seek(player.event - trace.first + 1);
        return state;
    },
};
