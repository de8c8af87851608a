// view_story: what becomes of the object or span that was chosen: each event that touches the object; how
// full the span is over time, and every object of it now.
import { PLACE } from './places.js';
import { CALL, PAGE_BYTES } from './trace.js';
import { canvasOf, element } from './look.js';
import { bytesText, countText, fullAddress } from './words.js';

const PLACES = ['not handed out yet', "in the program's hands", "in a thread's list", 'in a ready batch', 'free in its span',
    'being resized', "a layer's record, in use", "free, in its pool's list"];
const MOST_EVENTS = 80;
const MOST_SLOTS = 2000;

export class StoryView {
    constructor(context) {
        Object.assign(this, context);
        this.root = document.getElementById('story-body');
        this.shown = null;
    }

    // Events that name an address, while its span is the same one.
    eventsOf(object) {
        const { trace } = this;
        const address = this.model.caches.address(object);
        const found = [];
        for (let event = trace.first; event <= trace.last(); event++) {
            const call = trace.call(event);
            const isBatch = call === CALL.FETCH || call === CALL.RELEASE;
            if (call === CALL.MAP_SET || call === CALL.MAP_RESERVE) continue;
            if (isBatch ? trace.addresses(event).includes(address) : trace.address(event) === address || (call === CALL.RESIZE && trace.other(event) === address))
                found.push(event);
        }
        return found;
    }

    draw() {
        const selection = this.selection();
        const key = selection.object ?? selection.span;
        if (!key) return;
        if (this.shown !== key) {
            this.shown = key;
            this.root.replaceChildren();
            if (selection.object) this.buildObject(selection.object); else this.buildSpan(selection.span);
        }
        if (selection.object) this.updateObject(selection.object); else this.updateSpan(selection.span);
    }

    // --- An object ---

    buildObject(object) {
        const { caches } = this.model;
        const classId = caches.classIdOf(object);
        this.where = element('p', {});
        this.items = this.eventsOf(object).slice(0, MOST_EVENTS).map(event => {
            const button = element('button', { type: 'button', class: 'link', onclick: () => this.go(event) },
                element('b', { text: String(event) }), ` ${this.words.event(event)}`);
            return { event, item: element('li', {}, button) };
        });
        const span = caches.spanOf(object);
        const name = span === 0 && classId === 0 ? 'record' : `object of ${this.words.classText(classId)}`;
        this.root.append(element('p', { class: 'mono', text: fullAddress(caches.address(object)) }),
            element('p', { class: 'muted', text: name }), this.where,
            element('ol', { class: 'events' }, ...this.items.map(({ item }) => item)));
        if (span !== 0)
            this.root.append(element('button', { type: 'button', text: 'Its span', onclick: () => this.select({ span }) }));
    }

    updateObject(object) {
        const { caches } = this.model;
        const place = caches.place(object);
        const thread = place === PLACE.THREAD || place === PLACE.PROGRAM ? `, thread ${caches.threadOf(object)}` : '';
        const asked = place === PLACE.PROGRAM ? `; ${bytesText(caches.bytes(object))} asked for` : '';
        this.where.textContent = `Now: ${PLACES[place]}${thread}${asked}.`;
        for (const { event, item } of this.items) item.className = event === this.now() ? 'current' : event > this.now() ? 'future' : '';
    }

    // --- A span ---

    buildSpan(span) {
        const { pages } = this.model;
        const classId = pages.classOf(span);
        this.where = element('p', {});
        this.chart = element('canvas', { role: 'img', 'aria-label': 'objects out of this span over time' });
        this.slots = element('canvas', { role: 'img', 'aria-label': 'objects of this span' });
        this.root.append(element('p', { class: 'mono', text: fullAddress(pages.first(span) * PAGE_BYTES) }),
            element('p', { class: 'muted', text: classId === 0 ? 'span of a large object' : `span of ${this.words.classText(classId)}` }), this.where);
        this.history = [PLACE.PROGRAM, PLACE.THREAD, PLACE.READY].map(place => this.model.cells.history(pages.countSlot(span, place)));
        if (classId !== 0)
            this.root.append(element('p', { class: 'caption', text: 'in use, in threads and ready, over time' }), this.chart,
                element('p', { class: 'caption', text: 'its objects, in order of address' }), this.slots);
        this.slots.onclick = event => this.chooseSlot(span, event);
    }

    fit(span) {
        const { pages } = this.model;
        return Math.floor(pages.pageCount(span) * PAGE_BYTES / this.facts.classBytes[pages.classOf(span)]) || 0;
    }

    updateSpan(span) {
        const { pages } = this.model;
        const classId = pages.classOf(span);
        if (!pages.isAlive(span)) {
            this.where.textContent = 'It is not there at this event: its pages belong to the page cache or to another span.';
        } else if (classId === 0) {
            this.where.textContent = `${countText(pages.pageCount(span), 'page')}, all of one object.`;
        } else {
            const fit = this.fit(span);
            const [p, t, r, f] = [1, 2, 3, 4].map(place => pages.objectsIn(span, place));
            this.where.textContent = `${countText(pages.pageCount(span), 'page')}, room for ${fit}: ${p} in use, ${t} in threads, ${r} ready, ${f} free, ${Math.max(0, fit - p - t - r - f)} never handed out.`;
        }
        if (classId !== 0) { this.drawChart(span); this.drawSlots(span); }
    }

    drawChart(span) {
        const width = this.root.clientWidth;
        const height = 56;
        const context = canvasOf(this.chart, width, height);
        const most = Math.max(1, this.fit(span), ...this.history.flat().map(([, value]) => value));
        const x = event => event / Math.max(1, this.trace.count) * width;
        [1, 0.6, 0.36].forEach((alpha, i) => {
            context.beginPath();
            let y = height - 2;
            context.moveTo(0, y);
            for (const [event, value] of this.history[i]) {
                context.lineTo(x(event), y);
                y = height - 2 - value / most * (height - 6);
                context.lineTo(x(event), y);
            }
            context.lineTo(width, y);
            context.strokeStyle = this.look.classColor(this.model.pages.classOf(span), alpha);
            context.lineWidth = 1.5;
            context.stroke();
        });
        context.fillStyle = this.look.ink;
        context.fillRect(x(this.model.cells.at), 0, 1, height);
    }

    slotLayout(span) {
        const count = Math.min(MOST_SLOTS, this.fit(span));
        const width = this.root.clientWidth;
        const size = count <= 128 ? 13 : count <= 512 ? 9 : 6;
        return { count, size, columns: Math.max(1, Math.floor(width / size)) };
    }

    slotObjects(span) {
        const { caches, pages } = this.model;
        const bytes = this.facts.classBytes[pages.classOf(span)];
        const start = pages.first(span) * PAGE_BYTES;
        return new Map(pages.objectsOf(span).map(object => [Math.floor((caches.address(object) - start) / bytes), object]));
    }

    drawSlots(span) {
        const { count, size, columns } = this.slotLayout(span);
        const context = canvasOf(this.slots, columns * size, Math.ceil(count / columns) * size || 1);
        const objects = this.slotObjects(span);
        const classId = this.model.pages.classOf(span);
        const alphas = { [PLACE.PROGRAM]: 1, [PLACE.THREAD]: 0.6, [PLACE.READY]: 0.36 };
        for (let i = 0; i < count; i++) {
            const place = objects.has(i) ? this.model.caches.place(objects.get(i)) : PLACE.NOWHERE;
            const x = i % columns * size;
            const y = Math.floor(i / columns) * size;
            context.fillStyle = this.look.classColor(classId, alphas[place] ?? 0.9);
            context.strokeStyle = this.look.classColor(classId, 0.8);
            if (alphas[place]) context.fillRect(x, y, size - 2, size - 2);
            else if (place === PLACE.SPAN) context.strokeRect(x + 0.5, y + 0.5, size - 3, size - 3);
            else context.fillRect(x + size / 2 - 1.5, y + size / 2 - 1.5, 1.5, 1.5);
        }
    }

    chooseSlot(span, event) {
        const { size, columns } = this.slotLayout(span);
        const object = this.slotObjects(span).get(Math.floor(event.offsetY / size) * columns + Math.floor(event.offsetX / size));
        if (object) this.select({ object });
    }
}
