// view_central: a row for each class: its ready batches, and its spans with how full each is.
import { PLACE } from './places.js';
import { bytesText, countText } from './words.js';
import { canvasOf, element, setText } from './look.js';

const SPAN_WIDTH = 34;
const SPAN_GAP = 5;
const HEIGHT = 16;
const SLOT = 11;      // of an object, where each is drawn
const MOST_SLOTS = 48;
const MOST_ROWS = 10;

export class CentralView {
    constructor(context) {
        Object.assign(this, context);
        this.root = document.querySelector('#central .body');
        const classes = this.usedClasses.filter(classId => classId !== 0);
        this.rows = classes.map(classId => this.row(classId));
        this.byClass = new Map(classes.map((classId, i) => [classId, this.rows[i]]));
        const often = new Set([...classes].sort((a, b) => this.traffic(b) - this.traffic(a)).slice(0, MOST_ROWS));
        const shown = this.rows.filter(row => often.has(row.classId));
        const rest = this.rows.filter(row => !often.has(row.classId));
        this.root.append(element('div', { class: 'rows central' },
            element('div', { class: 'row columns', 'aria-hidden': 'true' }, element('span', { text: 'class' }),
                element('span', { text: 'ready batches' }), element('span', { text: 'spans' })),
            ...shown.map(row => row.node)));
        if (rest.length !== 0)
            this.root.append(element('details', { ontoggle: () => this.measure() }, element('summary', { text: countText(rest.length, 'class', 'classes') + ' more' }),
                element('div', { class: 'rows central' }, ...rest.map(row => row.node))));
        document.getElementById('central').hidden = classes.length === 0;
        this.measure();
    }

    traffic(classId) { return this.classTraffic.get(classId) ?? 0; }

    row(classId) {
        const canvas = element('canvas', {});
        const ready = element('span', { class: 'batches' });
        const number = element('span', { class: 'number' });
        const readyButton = element('button', { type: 'button', class: 'strip', 'aria-label': 'ready batches' },
            element('span', { class: 'dots-box' }, ready), number);
        const spanButton = element('button', { type: 'button', class: 'strip spans', 'aria-label': 'spans' }, canvas);
        const row = { classId, canvas, ready, number, readyButton, spanButton, spans: this.model.pages.spans.filter(s => this.model.pages.classOf(s) === classId), drawn: '' };
        row.node = element('div', { class: 'row' }, element('span', { class: 'class', title: this.words.classText(classId) },
            element('span', { class: 'swatch' }), element('span', { text: bytesText(this.facts.classBytes[classId]) })), readyButton, spanButton);
        readyButton.addEventListener('click', () => {
            const [batch] = this.model.caches.readyBatches(classId);
            if (batch) this.select({ object: this.model.caches.top(batch) });
        });
        spanButton.addEventListener('click', event => this.chooseSpan(row, event));
        this.colored.push([row.node, classId]);
        return row;
    }

    fit(classId, span) { return Math.max(1, Math.floor(this.model.pages.pageCount(span) * 8192 / this.facts.classBytes[classId])); }

    // Of a short trace each object has a place of its own in its span's bar.
    hasSlots(row, span) { return this.isShort && this.fit(row.classId, span) <= MOST_SLOTS; }
    spanWidth(row, span) { return this.hasSlots(row, span) ? this.fit(row.classId, span) * SLOT + 4 : SPAN_WIDTH; }

    chooseSpan(row, event) {
        const alive = row.spans.filter(span => this.model.pages.isAlive(span));
        const x = event.detail === 0 ? 0 : event.clientX - row.canvas.getBoundingClientRect().left;
        let left = 0;
        const span = alive.find(one => { left += this.spanWidth(row, one) + SPAN_GAP; return x < left; }) ?? alive[0];
        if (span) this.select({ span });
    }

    measure() { for (const row of this.rows) { row.width = row.spanButton.clientWidth - 8; row.drawn = ''; } }
    anchor(classId, kind) {
        const row = this.byClass.get(classId);
        return row && (kind === 'ready' ? row.readyButton : row.spanButton);
    }

    draw() {
        const { pages, caches } = this.model;
        const chosen = this.selection().span;
        for (const row of this.rows) {
            if (!(row.width > 0)) continue;
            const alive = row.spans.filter(span => pages.isAlive(span));
            const now = this.isShort ? this.now() : ''; // which object is where: the counts do not tell
            const key = alive.map(span => span + [1, 2, 3, 4].map(p => pages.objectsIn(span, p)).join()).join(';') + chosen + this.look.dark + now;
            if (key !== row.drawn) {
                row.drawn = key;
                this.drawSpans(row, alive, chosen);
                row.spanButton.disabled = alive.length === 0;
                row.spanButton.setAttribute('aria-label', `${this.words.classText(row.classId)}: ${countText(alive.length, 'span')}`);
            }
            const batches = caches.readyCount(row.classId);
            row.ready.style.width = `calc(var(--batch) * ${batches})`;
            setText(row.number, batches === 0 ? '' : `${batches} × ${this.facts.classBatch[row.classId]}`);
            row.readyButton.disabled = batches === 0;
            row.readyButton.setAttribute('aria-label', `${this.words.classText(row.classId)}, ready batches: ${row.number.textContent || 'none'}`);
        }
    }

    drawSpans(row, alive, chosen) {
        const context = canvasOf(row.canvas, row.width, HEIGHT);
        const more = 30; // room for "+n"
        let x = 0;
        let shown = 0;
        for (const span of alive) {
            const width = this.spanWidth(row, span);
            if (x + width > row.width - (shown < alive.length - 1 ? more : 0) && shown > 0) break;
            if (this.hasSlots(row, span)) this.drawSlots(context, span, x, width, span === chosen);
            else this.drawSpan(context, span, x, span === chosen);
            x += width + SPAN_GAP;
            shown++;
        }
        if (shown === alive.length) return;
        context.fillStyle = this.look.muted;
        context.font = '11px system-ui, sans-serif';
        context.fillText(`+${alive.length - shown}`, x, 12);
    }

    frame(context, classId, x, width, isChosen) {
        context.strokeStyle = isChosen ? this.look.accent : this.look.classColor(classId, 0.7);
        context.lineWidth = isChosen ? 2 : 1;
        context.strokeRect(x + 0.5, 0.5, width - 1, HEIGHT - 1);
    }

    // Each object: solid as far as it is from its span, an outline where it is back, a dot where it never left.
    drawSlots(context, span, x, width, isChosen) {
        const { pages, caches } = this.model;
        const classId = pages.classOf(span);
        const start = pages.first(span) * 8192;
        const alphas = { [PLACE.PROGRAM]: 1, [PLACE.THREAD]: 0.6, [PLACE.READY]: 0.36 };
        const places = new Map(pages.objectsOf(span).map(object => [Math.floor((caches.address(object) - start) / this.facts.classBytes[classId]), caches.place(object)]));
        for (let i = 0; i < this.fit(classId, span); i++) {
            const place = places.get(i) ?? PLACE.NOWHERE;
            const left = x + 3 + i * SLOT;
            context.fillStyle = this.look.classColor(classId, alphas[place] ?? 0.9);
            context.strokeStyle = this.look.classColor(classId, 0.9);
            context.lineWidth = 1;
            if (alphas[place]) context.fillRect(left, 3, SLOT - 2, HEIGHT - 6);
            else if (place === PLACE.SPAN) context.strokeRect(left + 0.5, 3.5, SLOT - 3, HEIGHT - 7);
            else context.fillRect(left + SLOT / 2 - 2, HEIGHT / 2 - 1, 2, 2);
        }
        this.frame(context, classId, x, width, isChosen);
    }

    // From the left: the program's, in threads, in ready batches, free in the span; the rest is the tail.
    drawSpan(context, span, x, isChosen) {
        const { pages } = this.model;
        const classId = pages.classOf(span);
        const fit = this.fit(classId, span);
        let at = x;
        for (const [place, alpha] of [[PLACE.PROGRAM, 1], [PLACE.THREAD, 0.6], [PLACE.READY, 0.36], [PLACE.SPAN, 0.14]]) {
            const width = SPAN_WIDTH * pages.objectsIn(span, place) / fit;
            context.fillStyle = this.look.classColor(classId, alpha);
            context.fillRect(at, 0, width, HEIGHT);
            at += width;
        }
        this.frame(context, classId, x, SPAN_WIDTH, isChosen);
    }
}
