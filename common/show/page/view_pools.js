// view_pools: object pools (stage 1): each record as a square in order of address, and the free list.
import { PLACE } from './places.js';
import { bytesText, countText, shortAddress } from './words.js';
import { canvasOf, element, setText } from './look.js';

const MOST_POOLS = 4;
const MOST_SQUARES = 400;

export class PoolsView {
    constructor(context) {
        Object.assign(this, context);
        const { pages } = this.model;
        this.root = document.querySelector('#pools .body');
        const used = pages.pools.filter(pool => this.recordsOf(pool).length !== 0).slice(0, MOST_POOLS);
        this.pools = used.map((pool, i) => this.pool(pool, i));
        document.getElementById('pools').hidden = used.length === 0 || !this.isSubject;
        this.measure();
    }

    recordsOf(pool) {
        const { pages, caches } = this.model;
        return [...pages.recordByAddress].filter(([, of]) => of === pool).map(([object]) => object)
            .sort((a, b) => caches.address(a) - caches.address(b));
    }

    pool(pool, index) {
        const canvas = element('canvas', { role: 'img' });
        const title = element('h3', {});
        const chain = element('p', { class: 'caption chain' });
        const box = element('div', { class: 'pool' }, title, canvas, chain);
        this.root.append(box);
        const records = this.recordsOf(pool).slice(0, MOST_SQUARES);
        canvas.addEventListener('click', event => {
            const at = Math.floor(event.offsetX / this.square) + Math.floor(event.offsetY / this.square) * this.columns;
            if (records[at] !== undefined) this.select({ object: records[at] });
        });
        return { pool, canvas, title, chain, box, records, name: `Pool ${index + 1}` };
    }

    measure() {
        this.square = this.isShort ? 24 : 13;
        this.width = this.root.clientWidth;
        this.columns = Math.max(1, Math.floor(this.width / this.square));
    }
    anchor() { return this.pools[0]?.canvas; }

    draw() {
        if (document.getElementById('pools').hidden || !(this.width > 0)) return;
        for (const entry of this.pools) this.drawPool(entry);
    }

    // The free list: from each free object to the one that its link leads to.
    drawLinks(context, indexes) {
        const center = i => [(i % this.columns + 0.45) * this.square, (Math.floor(i / this.columns) + 0.45) * this.square];
        context.strokeStyle = this.look.ink;
        context.lineWidth = 1;
        for (let i = 1; i < indexes.length; i++) {
            if (indexes[i] < 0 || indexes[i - 1] < 0) continue;
            const [x, y] = center(indexes[i - 1]);
            const [toX, toY] = center(indexes[i]);
            context.beginPath();
            context.arc(x, y, 2, 0, 7);
            context.moveTo(x, y);
            context.quadraticCurveTo((x + toX) / 2, (y + toY) / 2 - this.square * 0.6, toX, toY);
            context.stroke();
        }
    }

    drawPool({ pool, canvas, title, chain, box, records, name }) {
        const { pages, caches } = this.model;
        box.hidden = pages.poolBytes(pool) === 0; // not set up yet
        const chosen = this.selection().object;
        const context = canvasOf(canvas, this.columns * this.square, Math.ceil(records.length / this.columns) * this.square);
        records.forEach((object, i) => {
            const place = caches.place(object);
            const x = i % this.columns * this.square;
            const y = Math.floor(i / this.columns) * this.square;
            context.strokeStyle = object === chosen ? this.look.ink : this.look.accent;
            context.fillStyle = this.look.accent;
            context.lineWidth = object === chosen ? 2 : 1;
            if (place === PLACE.RECORD_LIVE) context.fillRect(x + 1, y + 1, this.square - 3, this.square - 3);
            if (place === PLACE.RECORD_FREE || object === chosen) context.strokeRect(x + 1.5, y + 1.5, this.square - 4, this.square - 4);
            context.fillStyle = this.look.muted;
            if (place === PLACE.NOWHERE) context.fillRect(x + this.square / 2 - 1, y + this.square / 2 - 1, 2, 2);
        });
        this.drawLinks(context, caches.listed(pages.poolFree(pool), 40).map(object => records.indexOf(object)));
        const live = pages.poolLive(pool);
        const free = caches.count(pages.poolFree(pool));
        setText(title, `${name}: ${bytesText(pages.poolBytes(pool))} each`);
        setText(chain, free === 0 ? `${countText(live, 'object')} live; the free list is empty`
            : `${countText(live, 'object')} live; free list: ${caches.listed(pages.poolFree(pool), 6).map(o => shortAddress(caches.address(o))).join(' → ')}${free > 6 ? ` → … (${free})` : ''}`);
        canvas.setAttribute('aria-label', `${name}: ${live} live, ${free} in the free list`);
    }
}
