// view_threads: a card for each thread; in it a row for each class that the thread ever uses, with what
// the program holds and the two lists. A list is drawn as a row of dots; the dot on the left is the top.
import { bytesText, countText, numberText } from './words.js';
import { element, setText, setWidth } from './look.js';

const MOST_DOTS = 64;
const MOST_ROWS = 8;  // of a thread, before "more classes"
const MOST_THREADS = 12;

class Strip {
    constructor(owner, lists, kind, name) {
        this.list = lists[kind];
        this.owner = owner;
        this.dot = owner.isShort ? 14 : 9; // pixels from one to the next: --dot of the style
        this.count = -1;
        this.dots = element('span', { class: `dots ${kind}` });
        this.ring = element('span', { class: 'ring', hidden: '' });
        this.number = element('span', { class: 'number' });
        this.button = element('button', { type: 'button', class: 'strip', 'data-kind': kind, 'aria-label': name },
            element('span', { class: 'dots-box' }, this.dots, this.ring), this.number);
        this.name = name;
        this.button.addEventListener('click', event => this.choose(event));
    }

    isSeen() { return true; }

    choose(event) {
        const { caches, select } = this.owner;
        const left = this.dots.getBoundingClientRect().left;
        const index = event.detail === 0 ? 0 : Math.max(0, Math.floor((event.clientX - left) / this.dot));
        const objects = caches.listed(this.list, index + 1);
        if (objects.length !== 0) select({ object: objects[Math.min(index, objects.length - 1)] });
    }

    draw(chosen) {
        const { caches } = this.owner;
        const count = caches.count(this.list);
        if (count !== this.count) {
            this.count = count;
            setWidth(this.dots, `${Math.min(count, MOST_DOTS) * this.dot}px`);
            setText(this.number, count === 0 ? '' : numberText(count));
            this.button.setAttribute('aria-label', `${this.name}: ${countText(count, 'object')}`);
            this.button.disabled = count === 0;
        }
        const index = chosen ? caches.listed(this.list, MOST_DOTS).indexOf(chosen) : -1;
        this.ring.hidden = index < 0;
        if (index >= 0) this.ring.style.left = `${index * this.dot}px`;
    }
}

export class ThreadsView {
    constructor(context) {
        Object.assign(this, context);
        this.caches = this.model.caches;
        this.root = document.querySelector('#threads .body');
        this.strips = [];
        this.rows = new Map();
        this.heads = [];
        const threads = new Map();
        for (const lists of this.caches.threadLists) {
            if (!threads.has(lists.thread)) threads.set(lists.thread, []);
            threads.get(lists.thread).push(lists);
        }
        const sorted = [...threads].sort((a, b) => a[0] - b[0]);
        sorted.slice(0, MOST_THREADS).forEach(([thread, lists]) => this.root.append(this.card(thread, lists)));
        if (sorted.length > MOST_THREADS)
            this.root.append(element('p', { class: 'muted', text: `and ${sorted.length - MOST_THREADS} threads more` }));
        document.getElementById('threads').hidden = sorted.length === 0;
        if (!this.hasProgram) this.nameCallers();
    }

    // Stage 3 alone: the callers are not thread caches, and what they hold is in no lists of ours.
    nameCallers() {
        document.getElementById('threads').classList.add('callers');
        document.getElementById('threads-title').textContent = 'Callers';
        document.getElementById('threads-hint').textContent = 'what they have fetched and not given back, where a thread cache would be';
    }

    card(thread, lists) {
        lists.sort((a, b) => a.classId - b.classId);
        const total = element('span', { class: 'muted' });
        const rows = lists.map(list => this.row(thread, list));
        const often = this.often(lists);
        const few = lists.length <= MOST_ROWS;
        const table = element('div', { class: 'rows' }, this.columns(), ...rows.filter((_, i) => few || often.has(lists[i])));
        this.heads.push({ total, lists });
        const card = element('div', { class: 'thread' }, element('h3', { text: `Thread ${thread} ` }, total), table);
        if (!few) {
            const rest = element('div', { class: 'rows' }, ...rows.filter((_, i) => !often.has(lists[i])));
            const details = element('details', { ontoggle: () => this.draw() }, element('summary', { text: `${lists.length - MOST_ROWS} classes more` }), rest);
            card.append(details);
            // What nobody sees need not be drawn.
            for (const strip of this.strips) if (rest.contains(strip.button)) strip.isSeen = () => details.open;
        }
        return card;
    }

    // The classes that a thread uses most, by how many objects it ever took of them.
    often(lists) {
        const uses = list => this.usage.get(list.thread * 128 + list.classId) ?? 0;
        return new Set([...lists].sort((a, b) => uses(b) - uses(a)).slice(0, MOST_ROWS));
    }

    columns() {
        if (!this.hasProgram)
            return element('div', { class: 'row columns', 'aria-hidden': 'true' }, element('span', { text: 'class' }), element('span', { text: 'fetched' }));
        return element('div', { class: 'row columns', 'aria-hidden': 'true' }, element('span', { text: 'class' }),
            element('span', { text: 'in use' }), element('span', { text: 'active' }), element('span', { text: 'spare' }));
    }

    row(thread, lists) {
        const { classId } = lists;
        const large = classId === 0;
        const name = large ? 'large' : bytesText(this.facts.classBytes[classId]);
        const label = element('span', { class: 'class', title: this.words.classText(classId) },
            element('span', { class: 'swatch' }), element('span', { text: name }));
        const kinds = large ? ['held'] : this.hasProgram ? ['held', 'active', 'spare'] : ['active', 'spare'];
        const words = { held: 'in use', active: 'active list', spare: 'spare list' };
        const strips = kinds.map(kind => new Strip(this, lists, kind, `Thread ${thread}, ${this.words.classText(classId)}, ${words[kind]}`));
        this.strips.push(...strips);
        const row = element('div', { class: 'row' }, label, ...strips.map(strip => strip.button));
        this.rows.set(thread * 128 + classId, { row, strips: Object.fromEntries(kinds.map((kind, i) => [kind, strips[i].button])) });
        this.colored.push([row, classId]);
        return row;
    }

    // Where something that moves comes from or goes to.
    anchor(thread, classId, kind) { return this.rows.get(thread * 128 + classId)?.strips[kind]; }

    draw() {
        const chosen = this.selection().object;
        for (const strip of this.strips) if (strip.isSeen()) strip.draw(chosen);
        for (const { total, lists } of this.heads) {
            const held = lists.reduce((sum, list) => sum + this.caches.count(list.held), 0);
            const cached = lists.reduce((sum, list) => sum + this.caches.count(list.active) + this.caches.count(list.spare), 0);
            setText(total, !this.hasProgram ? `${cached} objects` : `${numberText(held)} in use, ${numberText(cached)} cached`);
        }
    }
}
