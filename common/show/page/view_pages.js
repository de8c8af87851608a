// view_pages: the page cache's free spans, a column for each length up to 128 pages and one for all that
// are longer; and the page map, a root whose places stand for 2 GiB each and the leaves that exist.
import { canvasOf, element, setText } from './look.js';
import { bytesText, countText, fullAddress } from './words.js';

const BINS = 128;
const HEIGHT = 54;
const ROOT_PLACES = 131072;
const LEAF_BYTES = 2 ** 31;

export class PagesView {
    constructor(context) {
        Object.assign(this, context);
        const { pages } = this.model;
        this.root = document.querySelector('#pagecache .body');
        this.canvas = element('canvas', { role: 'img', 'aria-label': 'free spans by length' });
        this.caption = element('p', { class: 'caption' });
        this.tree = element('div', { class: 'tree' });
        this.leafNodes = pages.leaves.map(leaf => this.leaf(leaf));
        this.binBox = element('div', { class: 'bins' }, this.canvas, this.caption);
        this.root.append(this.binBox);
        if (pages.leaves.length !== 0) this.root.append(this.treeBox());
        document.getElementById('pagecache').hidden = pages.runs.length + pages.leaves.length === 0;
        this.binBox.hidden = pages.runs.length === 0;
        this.measure();
    }

    leaf(leaf) {
        const text = element('span', {});
        const node = element('li', {}, element('b', { text: `leaf ${this.model.pages.start(leaf)}` }), text);
        return { leaf, node, text };
    }

    treeBox() {
        const { pages } = this.model;
        const marks = pages.leaves.map(leaf => {
            const mark = element('i', {});
            mark.style.left = `${pages.start(leaf) / ROOT_PLACES * 100}%`;
            return mark;
        });
        this.marks = marks;
        return element('div', { class: 'tree' },
            element('p', { class: 'caption', text: 'Page map: the root has 131,072 places; a leaf stands for 2 GiB' }),
            element('div', { class: 'root', 'aria-hidden': 'true' }, ...marks),
            element('ul', { class: 'leaves' }, ...this.leafNodes.map(({ node }) => node)));
    }

    measure() { this.width = this.binBox.clientWidth; }
    anchor() { return this.binBox.hidden ? this.root : this.canvas; }

    draw() {
        const { pages } = this.model;
        const runs = pages.currentRuns();
        if (!this.binBox.hidden && this.width > 0) this.drawBins(runs);
        this.leafNodes.forEach(({ leaf, node, text }, i) => {
            const exists = pages.get(leaf, 3) !== 0;
            node.hidden = this.marks[i].hidden = !exists;
            if (exists) setText(text, this.leafText(pages.start(leaf)));
        });
    }

    leafText(leaf) {
        const { pages } = this.model;
        const low = leaf * LEAF_BYTES / 8192;
        let small = 0;
        let ends = 0;
        for (const span of pages.currentSpans()) {
            if (pages.first(span) < low || pages.first(span) >= low + LEAF_BYTES / 8192) continue;
            if (pages.classOf(span) !== 0) small += pages.pageCount(span); else ends += Math.min(2, pages.pageCount(span));
        }
        return ` from ${fullAddress(leaf * LEAF_BYTES)} on: ${countText(small, 'page')} of small objects, ${countText(ends, 'end')} of large ones`;
    }

    drawBins(runs) {
        const counts = new Map();
        let total = 0;
        for (const run of runs) {
            const bin = Math.min(this.model.pages.length(run), BINS + 1);
            counts.set(bin, (counts.get(bin) ?? 0) + 1);
            total += this.model.pages.length(run);
        }
        const context = canvasOf(this.canvas, this.width, HEIGHT);
        const step = this.width / (BINS + 4);
        const base = HEIGHT - 14;
        context.fillStyle = this.look.line;
        context.fillRect(0, base, this.width, 1);
        for (const [bin, count] of counts) {
            const wide = bin > BINS ? step * 3 : Math.max(2, step - 1);
            const high = Math.min(base - 2, 8 + Math.log2(count) * 8);
            context.fillStyle = this.look.accent;
            context.fillRect((bin > BINS ? BINS + 1 : bin) * step, base - high, wide, high);
        }
        this.drawAxis(context, step);
        setText(this.caption, runs.length === 0 ? 'No free span.' : this.captionText(runs, total));
        this.canvas.setAttribute('aria-label', this.caption.textContent);
    }

    captionText(runs, total) {
        const lengths = runs.map(run => this.model.pages.length(run)).sort((a, b) => b - a);
        const shown = lengths.slice(0, 6).join(', ') + (lengths.length > 6 ? ', …' : '');
        return `${countText(runs.length, 'free span')}, ${bytesText(total * 8192)}; pages: ${shown}`;
    }

    drawAxis(context, step) {
        context.fillStyle = this.look.muted;
        context.font = '10px system-ui, sans-serif';
        for (const bin of [1, 32, 64, 96, 128]) context.fillText(String(bin), bin * step, HEIGHT - 2);
        if (this.width > 420) context.fillText('pages', 8 * step, HEIGHT - 2);
    }
}
