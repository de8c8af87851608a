// view_now: what happens at this event, in words; the narration; the invariants that break; the events
// round it; and the legend.
import { CALL } from './trace.js';
import { element, setText } from './look.js';
import { bytesText, numberText } from './words.js';

const AROUND = 4;

export class NowView {
    constructor(context) {
        Object.assign(this, context);
        this.node = Object.fromEntries(['number', 'of', 'what', 'broken', 'note', 'near', 'totals'].map(id => [id, document.getElementById(id)]));
        this.broken = new Map(this.facts.violations);
        this.total = {};
        const totals = this.isSubject ? [['RECORDS', 'objects live'], ['MAPPED', 'in chunks']]
            : !this.hasProgram ? [['MAPPED', 'mapped'], ['PURGED', 'given back by purge']]
            : [['LIVE', 'objects in use'], ['LIVE_BYTES', 'bytes asked for'], ['MAPPED', 'mapped'], ['PURGED', 'given back by purge']];
        for (const [key, name] of totals) {
            this.total[key] = element('dd', {});
            this.node.totals.append(element('div', {}, element('dt', { text: name }), this.total[key]));
        }
        this.listViolations();
        this.legend();
    }

    listViolations() {
        document.getElementById('violations').hidden = this.broken.size === 0;
        document.getElementById('violation-list').append(...this.facts.violations.slice(0, 50).map(([event, text]) =>
            element('li', {}, element('button', { type: 'button', class: 'link', onclick: () => this.go(event) },
                element('b', { text: String(event) }), ` ${text}`))));
    }

    legend() {
        const classes = this.usedClasses.slice(0, 14).map(classId => {
            const item = element('li', {}, element('span', { class: 'swatch' }), this.words.classText(classId));
            this.colored.push([item, classId]);
            return item;
        });
        const states = [['program', "in the program's hands"], ['thread', "in a thread's list"], ['ready', 'in a ready batch'],
            ['free', 'free, back in its span'], ['tail', 'tail: never handed out']]
            .map(([name, text]) => element('li', {}, element('span', { class: `state ${name}` }), text));
        document.getElementById('legend').append(...states, ...classes);
    }

    draw() {
        const { trace } = this;
        const event = this.now();
        const isEvent = event >= trace.first;
        setText(this.node.number, String(event));
        setText(this.node.of, `of ${numberText(trace.last())}`);
        const isNote = isEvent && trace.call(event) === CALL.NOTE;
        setText(this.node.what, !isEvent ? 'Nothing has happened yet.' : isNote ? '' : this.words.event(event));
        this.node.broken.hidden = !this.broken.has(event);
        setText(this.node.broken, this.brokenText(event));
        const note = this.noteAt(event);
        setText(this.node.note, note === 0 ? '' : trace.note(note));
        this.node.note.hidden = note === 0;
        for (const [key, node] of Object.entries(this.total)) setText(node, this.totalText(key));
        this.drawNear(event);
    }

    brokenText(event) {
        const text = this.broken.get(event) ?? '';
        return text === '' || text.startsWith('the test fails') ? text.replace(/^the test fails: /, '') : `Here an invariant breaks: ${text}`;
    }

    totalText(key) {
        const { pages } = this.model;
        const sum = numbers => numbers.reduce((total, number) => total + number, 0);
        if (key === 'RECORDS') return numberText(sum(pages.pools.map(pool => pages.poolLive(pool))));
        if (key === 'MAPPED') return bytesText(sum(pages.currentRegions().map(region => pages.length(region))));
        return key === 'LIVE' ? numberText(this.model.global(key)) : bytesText(this.model.global(key));
    }

    drawNear(event) {
        const { trace } = this;
        const at = this.stops.indexAtOrBefore(event);
        if (this.nearAt === at && this.nearEvent === event) return;
        this.nearAt = at;
        this.nearEvent = event;
        const items = [];
        for (let i = at - AROUND; i <= at + AROUND; i++) {
            const stop = this.stops.events[i];
            if (stop === undefined) continue;
            const text = trace.call(stop) === CALL.NOTE ? 'Note' : this.words.event(stop);
            items.push(element('li', { class: stop === event ? 'current' : '' },
                element('button', { type: 'button', class: 'link', onclick: () => this.go(stop) }, element('b', { text: String(stop) }), ` ${text}`)));
        }
        this.node.near.replaceChildren(...items);
    }
}
