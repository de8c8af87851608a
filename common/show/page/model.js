// model: all layers after each event, worked out from the trace: the same rules as
// common/trace/model.[ch], in the same order. A test compares the two.
//
// Everything that changes is a cell (cells.js); what is only needed to work events out (tables by
// address, sorted arrays) is not. Read order: Model.step, then model_caches.js, model_pages.js.
import { Cells } from './cells.js';
import { PLACE } from './places.js';
import { CALL } from './trace.js';
import { Caches } from './model_caches.js';
import { Pages } from './model_pages.js';

const GLOBAL = { LIVE: 0, LIVE_BYTES: 1, PURGED: 2, READY_BYTES: 3, COUNT: 4 };

export class Model {
    constructor(trace, facts) {
        this.trace = trace;
        this.facts = facts;
        this.cells = new Cells();
        this.globals = this.cells.make(GLOBAL.COUNT);
        this.pages = new Pages(this);
        this.caches = new Caches(this);
        if (facts.start) this.load(facts.start);
        this.cells.beginHere();
        for (let event = trace.first; event <= trace.last(); event++) {
            this.step(event);
            this.cells.endEvent();
        }
    }

    global(name) { return this.cells.values[this.globals + GLOBAL[name]]; }
    addGlobal(name, amount) { this.cells.add(this.globals + GLOBAL[name], amount); }

    // --- Program ---

    isLarge(object) {
        const span = this.caches.spanOf(object);
        return span !== 0 && this.pages.classOf(span) === 0;
    }

    handOut(address, bytes, thread) {
        const { caches } = this;
        let object = caches.find(address);
        if (object === 0) {
            const span = this.pages.spanAt(address);
            object = caches.add(address, span === 0 ? 0 : this.pages.classOf(span));
        }
        if (caches.place(object) === PLACE.PROGRAM) this.addGlobal('LIVE_BYTES', -caches.bytes(object));
        else this.addGlobal('LIVE', 1);
        caches.takeFromThread(object, thread);
        caches.setBytes(object, bytes);
        this.addGlobal('LIVE_BYTES', bytes);
    }

    leaveProgram(object) {
        this.addGlobal('LIVE', -1);
        this.addGlobal('LIVE_BYTES', -this.caches.bytes(object));
    }

    takeBack(object, thread) {
        if (this.isLarge(object)) this.caches.drop(object);
        else this.caches.giveToThread(object, thread);
    }

    freeObject(address, thread) {
        const object = address === 0 ? 0 : this.caches.find(address);
        if (object === 0 || this.caches.place(object) !== PLACE.PROGRAM) return;
        this.leaveProgram(object);
        this.takeBack(object, thread);
    }

    resizeBegins(address) {
        const object = address === 0 ? 0 : this.caches.find(address);
        if (object === 0 || this.caches.place(object) !== PLACE.PROGRAM) return;
        this.leaveProgram(object);
        this.caches.move(object, PLACE.RESIZE, 0);
    }

    resizeEnds(address, old, bytes, thread) {
        const { caches } = this;
        const object = old === 0 ? 0 : caches.find(old);
        const wasMoving = object !== 0 && caches.place(object) === PLACE.RESIZE;
        if (wasMoving && (address === 0 || address === old)) {
            caches.hold(object, caches.threadOf(object));
            if (address !== 0) caches.setBytes(object, bytes);
            this.addGlobal('LIVE', 1);
            this.addGlobal('LIVE_BYTES', caches.bytes(object));
            return;
        }
        if (address !== 0) this.handOut(address, bytes, thread);
        if (wasMoving) this.takeBack(object, thread);
    }

    // --- One event ---

    step(event) {
        const { trace, caches, pages } = this;
        const address = trace.address(event);
        const thread = trace.thread(event);
        const classId = trace.classId(event);
        if (classId >= this.facts.classBytes.length) return;
        switch (trace.call(event)) {
        case CALL.ALLOC: case CALL.CALLOC: case CALL.ALIGNED_ALLOC:
            if (address !== 0) this.handOut(address, trace.size(event), thread);
            break;
        case CALL.THREAD_ALLOC:
            if (address !== 0) this.handOut(address, this.facts.classBytes[classId], thread);
            break;
        case CALL.FREE: case CALL.FREE_SIZED: case CALL.THREAD_FREE: this.freeObject(address, thread); break;
        case CALL.RESIZE_BEGINS: this.resizeBegins(address); break;
        case CALL.RESIZE: this.resizeEnds(address, trace.other(event), trace.size(event), thread); break;
        case CALL.FETCH: caches.fetch(classId, thread, trace.addresses(event)); break;
        case CALL.RELEASE: caches.release(classId, thread, trace.addresses(event)); break;
        case CALL.CENTRAL_FLUSH: caches.flushReady(); break;
        case CALL.SPAN_ALLOC: pages.spanAlloc(address, trace.number(event), classId); break;
        case CALL.SPAN_FREE: pages.spanFree(address); break;
        case CALL.SPAN_RESIZE: if (trace.other(event) !== 0) pages.spanResize(address, trace.number(event)); break;
        case CALL.MAP_RESERVE: if (trace.other(event) !== 0) pages.reserve(address, trace.number(event)); break;
        case CALL.OS_MAP: pages.osMap(address, trace.size(event), trace.within(event)); break;
        case CALL.OS_UNMAP: pages.osUnmap(address); break;
        case CALL.OS_PURGE: this.addGlobal('PURGED', trace.size(event)); break;
        case CALL.RECORD_INIT: pages.poolInit(trace.other(event), trace.size(event)); break;
        case CALL.RECORD_ALLOC: if (address !== 0) pages.poolMoves(trace.other(event), address, true); break;
        case CALL.RECORD_FREE: if (address !== 0) pages.poolMoves(trace.other(event), address, false); break;
        case CALL.RECORD_DESTROY: pages.poolEnds(trace.other(event)); break;
        default: break;
        }
    }

    // The state before the window that the page shows, as trace-reader state prints it.
    load(start) {
        const { caches, pages } = this;
        this.addGlobal('LIVE', start.live);
        this.addGlobal('LIVE_BYTES', start.liveBytes);
        this.addGlobal('PURGED', start.purged);
        start.regions.forEach(([address, length, madeFor]) => pages.addRegion(address, length, madeFor));
        start.free.forEach(([first, count]) => pages.addRun(first, count));
        start.leaves.forEach(([leaf]) => pages.addLeaf(leaf));
        start.spans.forEach(([first, count, classId]) => pages.addSpan(first, count, classId));
        caches.load(start);
        pages.loadPools(start.pools);
    }

    // As trace-reader state prints it, for the test that compares the two.
    state() {
        const { caches, pages } = this;
        return {
            event: this.trace.first - 1 + this.cells.at,
            live: this.global('LIVE'), liveBytes: this.global('LIVE_BYTES'), purged: this.global('PURGED'),
            threads: caches.threadStates(), ready: caches.readyStates(), spans: pages.spanStates(),
            free: pages.runStates(), regions: pages.regionStates(), leaves: pages.leafStates(),
            pools: pages.poolStates(), objects: caches.objectStates(),
        };
    }
}
