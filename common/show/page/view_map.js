// view_map: the address space. Regions of the system one after the other, in order of address; in each, a
// square a page (or a few pages, where there are many), coloured by the class of its span and filled as far
// as the program has its objects.
import { PLACE } from './places.js';
import { PAGE_BYTES } from './trace.js';
import { canvasOf, element } from './look.js';
import { bytesText, countText, fullAddress } from './words.js';

const MOST_HEIGHT = 560;
const LABEL = 16;
const SIZES = [22, 18, 15, 12, 10, 8, 6, 5, 4];

export class MapView {
    constructor(context) {
        Object.assign(this, context);
        const { pages } = this.model;
        this.canvas = element('canvas', { tabindex: '0', role: 'img', 'aria-label': 'address space' });
        this.note = element('p', { class: 'caption' });
        this.root = document.querySelector('#map .body');
        this.root.append(this.canvas, this.note);
        this.areas = this.areasOf(pages);
        this.spans = [...pages.spans].sort((a, b) => pages.first(a) - pages.first(b));
        document.getElementById('map').hidden = this.areas.length === 0;
        this.canvas.addEventListener('click', event => this.choose(this.pageAt(event.offsetX, event.offsetY)));
        this.canvas.addEventListener('mousemove', event => this.hint(event));
        this.canvas.addEventListener('keydown', event => this.key(event));
        this.measure();
    }

    // Stretches of pages that are ever mapped for spans, or have a span: those that touch are one.
    areasOf(pages) {
        const parts = pages.regions.filter(region => pages.isForSpans(region))
            .map(region => [Math.floor(pages.start(region) / PAGE_BYTES), Math.ceil(pages.length(region) / PAGE_BYTES)]);
        if (parts.length === 0) parts.push(...pages.spans.map(span => [pages.first(span), pages.pageCount(span) || 1]));
        parts.sort((a, b) => a[0] - b[0]);
        const areas = [];
        for (const [first, count] of parts) {
            const last = areas[areas.length - 1];
            if (last && first <= last.first + last.count + 1) last.count = Math.max(last.count, first + count - last.first);
            else areas.push({ first, count });
        }
        return areas;
    }

    // The largest squares with which all areas fit; where none does, a square stands for several pages.
    measure() {
        this.width = this.root.clientWidth;
        if (!(this.width > 0)) return;
        this.pagesASquare = 1;
        for (;; this.pagesASquare *= 2) {
            this.square = SIZES.find(size => this.layOut(size) <= MOST_HEIGHT);
            if (this.square) break;
        }
        this.layOut(this.square);
    }

    layOut(size) {
        const columns = Math.max(1, Math.floor(this.width / size));
        let y = 0;
        for (const area of this.areas) {
            area.y = y + LABEL;
            area.rows = Math.ceil(area.count / this.pagesASquare / columns);
            y = area.y + area.rows * size + 6;
        }
        this.columns = columns;
        this.height = y;
        return y;
    }

    place(area, page) {
        const index = Math.floor((page - area.first) / this.pagesASquare);
        return [index % this.columns * this.square, area.y + Math.floor(index / this.columns) * this.square];
    }

    pageAt(x, y) {
        const area = this.areas.find(a => y >= a.y && y < a.y + a.rows * this.square);
        if (!area) return -1;
        const index = Math.floor((y - area.y) / this.square) * this.columns + Math.floor(x / this.square);
        return area.first + index * this.pagesASquare;
    }

    spanOn(page) {
        const { pages } = this.model;
        return this.spans.find(s => pages.isAlive(s) && pages.first(s) < page + this.pagesASquare && page < pages.first(s) + pages.pageCount(s));
    }

    choose(page) {
        const span = page < 0 ? undefined : this.spanOn(page);
        if (span) this.select({ span });
    }

    hint(event) {
        const span = this.spanOn(this.pageAt(event.offsetX, event.offsetY));
        this.canvas.title = span ? `${this.words.classText(this.model.pages.classOf(span))}: ${countText(this.model.pages.pageCount(span), 'page')} at ${fullAddress(this.model.pages.first(span) * PAGE_BYTES)}` : '';
    }

    // With the keyboard: from span to span.
    key(event) {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        const alive = this.spans.filter(span => this.model.pages.isAlive(span));
        const at = alive.indexOf(this.selection().span);
        if (alive.length !== 0) this.select({ span: alive[(at + step + alive.length) % alive.length] });
    }

    draw() {
        if (!(this.width > 0) || this.areas.length === 0) return;
        const { pages } = this.model;
        const context = canvasOf(this.canvas, this.width, this.height);
        this.labels(context);
        for (const run of pages.currentRuns()) this.free(context, run);
        const alive = this.spans.filter(span => pages.isAlive(span));
        for (const span of alive) this.span(context, span);
        const chosen = this.selection().span;
        if (chosen && pages.isAlive(chosen)) this.outline(context, chosen);
        const small = alive.filter(span => pages.classOf(span) !== 0).length;
        this.note.textContent = (this.pagesASquare > 1 ? `A square stands for ${this.pagesASquare} pages here. ` : '') +
            `${countText(small, 'span')} of small objects, ${countText(alive.length - small, 'large object')}.`;
        this.canvas.setAttribute('aria-label', `Address space. ${this.note.textContent} Arrow keys go from span to span.`);
    }

    labels(context) {
        context.font = '11px ui-monospace, monospace';
        context.fillStyle = this.look.muted;
        for (const area of this.areas)
            context.fillText(`${fullAddress(area.first * PAGE_BYTES)}  ${bytesText(area.count * PAGE_BYTES)}`, 0, area.y - 5);
    }

    eachSquare(first, count, draw) {
        const area = this.areas.find(a => first >= a.first && first < a.first + a.count);
        if (!area) return;
        const end = Math.min(first + count, area.first + area.count);
        for (let page = first; page < end; page += this.pagesASquare) draw(...this.place(area, page), page);
    }

    free(context, run) {
        const gap = this.square > 6 ? 1 : 0;
        const side = this.square - gap;
        context.strokeStyle = this.look.line;
        context.fillStyle = this.look.line;
        context.lineWidth = 1;
        this.eachSquare(this.model.pages.start(run), this.model.pages.length(run), (x, y) => {
            if (side > 7) context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
            else context.fillRect(x, y, side > 3 ? side - 1 : side, side > 3 ? side - 1 : side);
        });
    }

    // A tinted square; full colour up from its bottom as far as the program has it, paler above that for what is
    // cached. A large object is all the program's.
    span(context, span) {
        const { pages } = this.model;
        const classId = pages.classOf(span);
        const count = pages.pageCount(span);
        const fit = classId === 0 ? 1 : Math.max(1, Math.floor(count * PAGE_BYTES / this.facts.classBytes[classId]));
        const inUse = classId === 0 ? 1 : Math.min(1, pages.objectsIn(span, PLACE.PROGRAM) / fit);
        const cached = Math.min(1 - inUse, (pages.objectsIn(span, PLACE.THREAD) + pages.objectsIn(span, PLACE.READY)) / fit);
        const side = this.square - (this.square > 6 ? 1 : 0);
        const tint = this.look.classColor(classId, 0.16);
        const middle = this.look.classColor(classId, 0.42);
        const full = this.look.classColor(classId, classId === 0 ? 0.75 : 1);
        this.eachSquare(pages.first(span), count, (x, y, page) => {
            if (inUse < 1) {
                context.fillStyle = tint;
                context.fillRect(x, y, side, side);
            }
            if (cached > 0) {
                context.fillStyle = middle;
                context.fillRect(x, y + side * (1 - inUse - cached), side, side * cached);
            }
            if (inUse > 0) {
                context.fillStyle = full;
                context.fillRect(x, y + side * (1 - inUse), side, side * inUse);
            }
            if (count > 1 && page > pages.first(span) && side < this.square && x > 0) this.join(context, x, y, side, tint);
        });
    }

    // Pages of one span touch.
    join(context, x, y, side, tint) {
        context.fillStyle = tint;
        context.fillRect(x - 1, y, 1, side);
    }

    outline(context, span) {
        context.strokeStyle = this.look.ink;
        context.lineWidth = 2;
        this.eachSquare(this.model.pages.first(span), this.model.pages.pageCount(span), (x, y) =>
            context.strokeRect(x + 1, y + 1, Math.max(2, this.square - 3), Math.max(2, this.square - 3)));
    }

    anchor(page) {
        const box = this.canvas.getBoundingClientRect();
        const area = this.areas.find(a => page >= a.first && page < a.first + a.count);
        const [x, y] = area ? this.place(area, page) : [0, 0];
        return { left: box.left + x, top: box.top + y, width: this.square, height: this.square };
    }
}
