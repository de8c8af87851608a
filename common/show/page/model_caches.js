// model: objects, the lists of threads, the ready batches. See model.js.
import { PLACE } from './places.js';

// Cells of an object; the first three never change.
const OBJECT = { ADDRESS: 0, CLASS: 1, SPAN: 2, PLACE: 3, THREAD: 4, LIST: 5, ABOVE: 6, BELOW: 7, BYTES: 8, SIZE: 9 };
const LIST = { TOP: 0, BOTTOM: 1, COUNT: 2, SIZE: 3 };
// A batch is a list, and a link to its neighbours in its class.
const BATCH = { NEWER: 3, OLDER: 4, SIZE: 5 };
const CLASS = { NEWEST: 0, COUNT: 1, SIZE: 2 };
const MOST_READY = 64;
const MOST_READY_BYTES = 8 * 1024 * 1024;

export class Caches {
    constructor(model) {
        this.model = model;
        this.cells = model.cells;
        this.objects = new Map();  // by address, while the trace is worked out
        this.everyObject = [];
        this.lists = new Map();    // thread and class -> cells of active, spare, held
        this.threadLists = [];     // { thread, classId, active, spare, held }
        this.classes = model.facts.classBytes.map(() => this.cells.make(CLASS.SIZE));
    }

    get(base, field) { return this.cells.values[base + field]; }
    set(base, field, value) { this.cells.set(base + field, value); }
    batchOf(classId) { return this.model.facts.classBatch[classId]; }
    bytesOf(classId) { return this.model.facts.classBytes[classId]; }

    // --- Objects ---

    find(address) { return this.objects.get(address) ?? 0; }
    place(object) { return this.get(object, OBJECT.PLACE); }
    address(object) { return this.get(object, OBJECT.ADDRESS); }
    bytes(object) { return this.get(object, OBJECT.BYTES); }
    setBytes(object, bytes) { this.set(object, OBJECT.BYTES, bytes); }
    spanOf(object) { return this.get(object, OBJECT.SPAN); }
    threadOf(object) { return this.get(object, OBJECT.THREAD); }
    classIdOf(object) { return this.get(object, OBJECT.CLASS); }

    add(address, classId) {
        const span = this.model.pages.spanAt(address);
        const object = this.cells.make(OBJECT.SIZE, address, classId, span);
        this.objects.set(address, object);
        this.everyObject.push(object);
        if (span !== 0) this.model.pages.objectsOf(span).push(object);
        return object;
    }

    drop(object) {
        this.move(object, PLACE.NOWHERE, 0);
        this.objects.delete(this.address(object));
    }

    unlink(object) {
        const list = this.get(object, OBJECT.LIST);
        if (list === 0) return;
        const above = this.get(object, OBJECT.ABOVE);
        const below = this.get(object, OBJECT.BELOW);
        if (above === 0) this.set(list, LIST.TOP, below); else this.set(above, OBJECT.BELOW, below);
        if (below === 0) this.set(list, LIST.BOTTOM, above); else this.set(below, OBJECT.ABOVE, above);
        this.cells.add(list + LIST.COUNT, -1);
        this.set(object, OBJECT.LIST, 0);
    }

    push(list, object) {
        const top = this.get(list, LIST.TOP);
        this.set(object, OBJECT.LIST, list);
        this.set(object, OBJECT.ABOVE, 0);
        this.set(object, OBJECT.BELOW, top);
        if (top === 0) this.set(list, LIST.BOTTOM, object); else this.set(top, OBJECT.ABOVE, object);
        this.set(list, LIST.TOP, object);
        this.cells.add(list + LIST.COUNT, 1);
    }

    move(object, place, list) {
        const span = this.spanOf(object);
        const before = this.place(object);
        this.unlink(object);
        if (span !== 0 && before !== place) {
            if (before !== PLACE.NOWHERE) this.model.pages.count(span, before, -1);
            if (place !== PLACE.NOWHERE) this.model.pages.count(span, place, 1);
        }
        this.set(object, OBJECT.PLACE, place);
        if (list !== 0) this.push(list, object);
    }

    // The objects of a list, from the top; at most `most` of them.
    listed(list, most = Infinity) {
        const found = [];
        for (let o = this.get(list, LIST.TOP); o !== 0 && found.length < most; o = this.get(o, OBJECT.BELOW)) found.push(o);
        return found;
    }

    count(list) { return this.get(list, LIST.COUNT); }
    top(list) { return this.get(list, LIST.TOP); }

    // --- A thread's lists ---

    listsOf(thread, classId) {
        const key = thread * 128 + classId;
        let lists = this.lists.get(key);
        if (lists === undefined) {
            const base = this.cells.make(3 * LIST.SIZE);
            lists = { thread, classId, active: base, spare: base + LIST.SIZE, held: base + 2 * LIST.SIZE };
            this.lists.set(key, lists);
            this.threadLists.push(lists);
        }
        return lists;
    }

    splitActive({ active, spare, classId }) {
        const batch = this.batchOf(classId);
        if (batch === 0 || this.count(active) <= batch || this.count(spare) !== 0) return;
        for (let i = 0; i < batch; i++) {
            const object = this.get(active, LIST.BOTTOM);
            this.unlink(object);
            this.push(spare, object);
        }
    }

    hold(object, thread) {
        this.move(object, PLACE.PROGRAM, this.listsOf(thread, this.classIdOf(object)).held);
    }

    giveToThread(object, thread) {
        const lists = this.listsOf(thread, this.classIdOf(object));
        this.set(object, OBJECT.THREAD, thread);
        this.move(object, PLACE.THREAD, lists.active);
        this.splitActive(lists);
    }

    takeFromThread(object, thread) {
        const { active, spare } = this.listsOf(thread, this.classIdOf(object));
        if (this.place(object) === PLACE.READY) this.breakBatch(object);
        this.hold(object, thread);
        this.set(object, OBJECT.THREAD, thread);
        while (this.count(active) === 0 && this.count(spare) !== 0) this.moveAll(spare, active);
    }

    moveAll(from, to) {
        for (let object = this.get(from, LIST.BOTTOM); object !== 0; object = this.get(from, LIST.BOTTOM)) {
            this.unlink(object);
            this.push(to, object);
        }
    }

    // --- Ready batches ---

    removeBatch(classId, batch) {
        const newer = this.get(batch, BATCH.NEWER);
        const older = this.get(batch, BATCH.OLDER);
        if (newer === 0) this.set(this.classes[classId], CLASS.NEWEST, older); else this.set(newer, BATCH.OLDER, older);
        if (older !== 0) this.set(older, BATCH.NEWER, newer);
        this.cells.add(this.classes[classId] + CLASS.COUNT, -1);
        this.model.addGlobal('READY_BYTES', -this.batchOf(classId) * this.bytesOf(classId));
    }

    addBatch(classId) {
        const batch = this.cells.make(BATCH.SIZE);
        const newest = this.get(this.classes[classId], CLASS.NEWEST);
        this.set(batch, BATCH.OLDER, newest);
        if (newest !== 0) this.set(newest, BATCH.NEWER, batch);
        this.set(this.classes[classId], CLASS.NEWEST, batch);
        this.cells.add(this.classes[classId] + CLASS.COUNT, 1);
        this.model.addGlobal('READY_BYTES', this.batchOf(classId) * this.bytesOf(classId));
        return batch;
    }

    breakBatch(object) {
        const batch = this.get(object, OBJECT.LIST);
        while (this.top(batch) !== 0) this.move(this.top(batch), PLACE.SPAN, 0);
        this.removeBatch(this.classIdOf(object), batch);
    }

    readyCount(classId) { return this.get(this.classes[classId], CLASS.COUNT); }
    readyBatches(classId) {
        const batches = [];
        for (let b = this.get(this.classes[classId], CLASS.NEWEST); b !== 0; b = this.get(b, BATCH.OLDER)) batches.push(b);
        return batches;
    }

    flushReady() {
        for (let classId = 1; classId < this.classes.length; classId++)
            for (let b = this.get(this.classes[classId], CLASS.NEWEST); b !== 0; b = this.get(this.classes[classId], CLASS.NEWEST))
                this.breakBatch(this.top(b));
    }

    isKeptReady(classId, count) {
        return count === this.batchOf(classId) && count !== 0 && this.readyCount(classId) < MOST_READY &&
            this.model.global('READY_BYTES') + count * this.bytesOf(classId) <= MOST_READY_BYTES;
    }

    // --- Fetch and release ---

    known(address, classId) { return this.find(address) || this.add(address, classId); }

    fetch(classId, thread, addresses) {
        for (let i = addresses.length - 1; i >= 0; i--) {
            const object = this.known(addresses[i], classId);
            const batch = this.place(object) === PLACE.READY ? this.get(object, OBJECT.LIST) : 0;
            this.set(object, OBJECT.THREAD, thread);
            this.move(object, PLACE.THREAD, this.listsOf(thread, this.classIdOf(object)).active);
            if (batch !== 0 && this.count(batch) === 0) this.removeBatch(this.classIdOf(object), batch);
        }
        this.splitActive(this.listsOf(thread, classId));
    }

    release(classId, thread, addresses) {
        const kept = this.isKeptReady(classId, addresses.length);
        const batch = kept ? this.addBatch(classId) : 0;
        for (let i = addresses.length - 1; i >= 0; i--) {
            const object = this.known(addresses[i], classId);
            if (this.place(object) === PLACE.READY) this.breakBatch(object);
            if (this.place(object) === PLACE.PROGRAM) this.model.leaveProgram(object);
            this.move(object, kept ? PLACE.READY : PLACE.SPAN, batch);
        }
        this.splitActive(this.listsOf(thread, classId));
    }

    // --- To and from the form that trace-reader state has ---

    load(start) {
        const place = { 1: PLACE.PROGRAM, 4: PLACE.SPAN };
        for (const [thread, classId, active, spare] of start.threads) {
            const lists = this.listsOf(thread, classId);
            for (const [list, addresses] of [[lists.spare, spare], [lists.active, active]])
                for (const address of [...addresses].reverse()) {
                    const object = this.add(address, classId);
                    this.set(object, OBJECT.THREAD, thread);
                    this.move(object, PLACE.THREAD, list);
                }
        }
        for (const [classId, addresses] of [...start.ready].reverse()) {
            const batch = this.addBatch(classId);
            for (const address of [...addresses].reverse()) this.move(this.add(address, classId), PLACE.READY, batch);
        }
        for (const [address, classId, kind, thread, bytes] of start.objects) {
            const object = this.add(address, classId);
            this.set(object, OBJECT.THREAD, thread);
            this.setBytes(object, bytes);
            if (place[kind] === PLACE.PROGRAM) this.hold(object, thread);
            else this.move(object, kind, 0);
        }
    }

    addressesOf(list) { return this.listed(list).map(o => this.address(o)); }

    threadStates() {
        return this.threadLists.filter(l => this.count(l.active) + this.count(l.spare) !== 0)
            .map(l => [l.thread, l.classId, this.addressesOf(l.active), this.addressesOf(l.spare)])
            .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    }

    readyStates() {
        return this.classes.flatMap((_, classId) =>
            this.readyBatches(classId).map(batch => [classId, this.addressesOf(batch)]));
    }

    objectStates() {
        const apart = new Set([PLACE.PROGRAM, PLACE.SPAN, PLACE.RESIZE, PLACE.RECORD_LIVE]);
        return this.everyObject.filter(o => apart.has(this.place(o)))
            .map(o => [this.address(o), this.classIdOf(o), this.place(o),
                ...(this.place(o) === PLACE.SPAN ? [0, 0] : [this.threadOf(o), this.bytes(o)])])
            .sort((a, b) => a[0] - b[0]);
    }
}
