// model: spans, runs of free pages, regions of the system, the page map's leaves, object pools. See model.js.
import { PLACE } from './places.js';
import { CALL, PAGE_BYTES } from './trace.js';
import { Sorted } from './sorted.js';

// The first cells of each never change; ALIVE says whether it exists at an event.
const SPAN = { FIRST: 0, CLASS: 1, ALIVE: 2, PAGES: 3, COUNTS: 4, SIZE: 12 };
const RUN = { START: 0, LENGTH: 1, MADE_FOR: 2, ALIVE: 3, SIZE: 4 };
const POOL = { ADDRESS: 0, BYTES: 1, GENERATION: 2, LIVE: 3, FREE: 4, SIZE: 7 };
const LEAF_PAGES = 262144; // 2 GiB

export class Pages {
    constructor(model) {
        this.model = model;
        this.cells = model.cells;
        this.spans = [];   // every one that ever was, as the others below
        this.runs = [];
        this.regions = [];
        this.leaves = [];
        this.pools = [];
        this.spanObjects = new Map();
        this.aliveSpans = new Sorted(this.cells);
        this.aliveRuns = new Sorted(this.cells);
        this.aliveRegions = new Sorted(this.cells);
        this.knownLeaves = new Set();
        this.poolByAddress = new Map();
        this.coalesces = []; // events at which free neighbours became one
        this.recordByAddress = new Map();
    }

    get(base, field) { return this.cells.values[base + field]; }

    // --- Spans ---

    first(span) { return this.get(span, SPAN.FIRST); }
    classOf(span) { return this.get(span, SPAN.CLASS); }
    pageCount(span) { return this.get(span, SPAN.PAGES); }
    isAlive(span) { return this.get(span, SPAN.ALIVE) !== 0; }
    objectsIn(span, place) { return this.get(span, SPAN.COUNTS + place); }
    countSlot(span, place) { return span + SPAN.COUNTS + place; }
    count(span, place, amount) { this.cells.add(span + SPAN.COUNTS + place, amount); }
    objectsOf(span) { return this.spanObjects.get(span); }
    current(list, alive) { return list.filter(item => this.get(item, alive) !== 0); }
    currentSpans() { return this.current(this.spans, SPAN.ALIVE); }
    currentRuns() { return this.current(this.runs, RUN.ALIVE); }
    currentRegions() { return this.current(this.regions, RUN.ALIVE); }
    currentLeaves() { return this.current(this.leaves, RUN.ALIVE); }
    start(run) { return this.get(run, RUN.START); }
    length(run) { return this.get(run, RUN.LENGTH); }
    isForSpans(region) {
        const why = this.get(region, RUN.MADE_FOR);
        return why === CALL.SPAN_ALLOC || why === CALL.SPAN_RESIZE;
    }

    spanAt(address) {
        const page = Math.floor(address / PAGE_BYTES);
        const at = this.aliveSpans.atOrBelow(page);
        const span = at < 0 ? 0 : this.aliveSpans.items[at];
        return span !== 0 && page - this.first(span) < this.pageCount(span) ? span : 0;
    }

    addSpan(first, count, classId) {
        const span = this.cells.make(SPAN.SIZE, first, classId);
        this.cells.set(span + SPAN.ALIVE, 1);
        this.cells.set(span + SPAN.PAGES, count);
        this.spans.push(span);
        this.spanObjects.set(span, []);
        this.aliveSpans.insert(span);
        return span;
    }

    endSpan(span) {
        const { caches } = this.model;
        for (const object of this.objectsOf(span)) {
            if (caches.find(caches.address(object)) !== object) continue;
            if (caches.place(object) === PLACE.READY) caches.breakBatch(object);
            if (caches.place(object) === PLACE.PROGRAM) this.model.leaveProgram(object);
            caches.drop(object);
        }
        this.cells.set(span + SPAN.ALIVE, 0);
        this.aliveSpans.remove(this.aliveSpans.atOrBelow(this.first(span)));
    }

    spanAlloc(address, count, classId) {
        if (address === 0 || count === 0) return;
        const first = Math.floor(address / PAGE_BYTES);
        for (;;) {
            const at = this.aliveSpans.atOrBelow(first + count - 1);
            const other = at < 0 ? 0 : this.aliveSpans.items[at];
            if (other === 0 || this.first(other) + this.pageCount(other) <= first) break;
            this.endSpan(other);
        }
        this.takePages(first, count);
        this.addSpan(first, count, classId);
    }

    spanFree(address) {
        const span = this.spanAt(address);
        if (span === 0 || this.first(span) !== Math.floor(address / PAGE_BYTES)) return;
        const first = this.first(span);
        const count = this.pageCount(span);
        this.endSpan(span);
        if (this.regionOf(first * PAGE_BYTES) !== 0) this.givePages(first, count);
    }

    spanResize(address, count) {
        const span = this.spanAt(address);
        if (span === 0) return;
        const before = this.pageCount(span);
        if (count > before) this.takePages(this.first(span) + before, count - before);
        else if (count < before) this.givePages(this.first(span) + count, before - count);
        this.cells.set(span + SPAN.PAGES, count);
    }

    // --- Free pages ---

    makeRun(all, sorted, start, length, madeFor) {
        const run = this.cells.make(RUN.SIZE, start, length, madeFor);
        this.cells.set(run + RUN.ALIVE, 1);
        all.push(run);
        sorted.insert(run);
        return run;
    }

    addRun(start, length) { return this.makeRun(this.runs, this.aliveRuns, start, length, 0); }

    endRun(sorted, index) {
        this.cells.set(sorted.items[index] + RUN.ALIVE, 0);
        sorted.remove(index);
    }

    firstBeyond(sorted, start) {
        const at = sorted.atOrBelow(start);
        if (at < 0) return 0;
        const run = sorted.items[at];
        return at + (this.start(run) + this.length(run) <= start ? 1 : 0);
    }

    takePages(first, count) {
        const end = first + count;
        for (let at = this.firstBeyond(this.aliveRuns, first); at < this.aliveRuns.items.length;
            at = this.firstBeyond(this.aliveRuns, first)) {
            const run = this.aliveRuns.items[at];
            const start = this.start(run);
            const stop = start + this.length(run);
            if (start >= end) break;
            this.endRun(this.aliveRuns, at);
            if (start < first) this.addRun(start, first - start);
            if (stop > end) this.addRun(end, stop - end);
        }
    }

    coalesced() {
        const event = this.model.trace.first + this.cells.at;
        if (this.coalesces[this.coalesces.length - 1] !== event) this.coalesces.push(event);
    }

    givePages(first, count) {
        const below = this.aliveRuns.atOrBelow(first);
        if (below >= 0) {
            const run = this.aliveRuns.items[below];
            if (this.start(run) + this.length(run) === first) {
                first = this.start(run);
                count += this.length(run);
                this.endRun(this.aliveRuns, below);
                this.coalesced();
            }
        }
        const above = this.aliveRuns.atOrBelow(first + count);
        if (above >= 0 && this.aliveRuns.key(above) === first + count) {
            count += this.length(this.aliveRuns.items[above]);
            this.endRun(this.aliveRuns, above);
            this.coalesced();
        }
        this.addRun(first, count);
    }

    // --- Regions and leaves ---

    addRegion(address, bytes, madeFor) {
        return this.makeRun(this.regions, this.aliveRegions, address, bytes, madeFor);
    }

    regionOf(address) {
        const region = this.aliveRegions.items[this.firstBeyond(this.aliveRegions, address)] ?? 0;
        return region !== 0 && this.start(region) <= address ? region : 0;
    }

    osMap(address, bytes, within) {
        if (address === 0 || bytes === 0) return;
        const region = this.addRegion(address, bytes, within);
        if (this.isForSpans(region)) this.givePages(Math.floor(address / PAGE_BYTES), Math.floor(bytes / PAGE_BYTES));
    }

    osUnmap(address) {
        const at = this.aliveRegions.atOrBelow(address);
        if (at < 0 || this.aliveRegions.key(at) !== address) return;
        const region = this.aliveRegions.items[at];
        this.endRun(this.aliveRegions, at);
        if (this.isForSpans(region))
            this.takePages(Math.floor(address / PAGE_BYTES), Math.floor(this.length(region) / PAGE_BYTES));
    }

    addLeaf(leaf) {
        if (this.knownLeaves.has(leaf)) return;
        this.knownLeaves.add(leaf);
        this.makeRun(this.leaves, new Sorted(this.cells), leaf, 1, 0);
    }

    reserve(address, count) {
        if (count === 0) return;
        const page = Math.floor(address / PAGE_BYTES);
        const first = Math.floor(page / LEAF_PAGES);
        const last = Math.floor((page + count - 1) / LEAF_PAGES);
        for (let leaf = first; leaf <= last && leaf - first < 4096; leaf++) this.addLeaf(leaf);
    }

    // --- Object pools ---

    poolOf(address) {
        let pool = this.poolByAddress.get(address);
        if (pool === undefined) {
            pool = this.cells.make(POOL.SIZE, address);
            this.poolByAddress.set(address, pool);
            this.pools.push(pool);
        }
        return pool;
    }

    poolInit(address, bytes) {
        this.cells.set(this.poolOf(address) + POOL.BYTES, bytes);
        this.poolEnds(address);
    }

    poolEnds(address) {
        const { caches } = this.model;
        const pool = this.poolOf(address);
        while (caches.top(pool + POOL.FREE) !== 0) caches.move(caches.top(pool + POOL.FREE), PLACE.NOWHERE, 0);
        this.cells.set(pool + POOL.LIVE, 0);
        this.cells.add(pool + POOL.GENERATION, 1);
    }

    poolMoves(poolAddress, address, isAlloc) {
        const { caches } = this.model;
        const pool = this.poolOf(poolAddress);
        const object = caches.find(address) || caches.add(address, 0);
        const generation = this.get(pool, POOL.GENERATION);
        const isLive = caches.place(object) === PLACE.RECORD_LIVE && caches.bytes(object) === generation;
        this.recordByAddress.set(object, pool);
        if (isAlloc === isLive) return;
        caches.setBytes(object, generation);
        this.cells.add(pool + POOL.LIVE, isAlloc ? 1 : -1);
        caches.move(object, isAlloc ? PLACE.RECORD_LIVE : PLACE.RECORD_FREE, isAlloc ? 0 : pool + POOL.FREE);
    }

    poolBytes(pool) { return this.get(pool, POOL.BYTES); }
    poolLive(pool) { return this.get(pool, POOL.LIVE); }
    poolFree(pool) { return pool + POOL.FREE; }

    loadPools(pools) {
        const { caches } = this.model;
        for (const [address, bytes, generation, live, free] of pools) {
            const pool = this.poolOf(address);
            this.cells.set(pool + POOL.BYTES, bytes);
            this.cells.set(pool + POOL.GENERATION, generation);
            this.cells.set(pool + POOL.LIVE, live);
            for (const at of [...free].reverse()) caches.move(caches.add(at, 0), PLACE.RECORD_FREE, pool + POOL.FREE);
        }
    }

    // --- To the form that trace-reader state has ---

    byFirst(list) { return list.sort((a, b) => a[0] - b[0]); }
    spanStates() {
        return this.byFirst(this.currentSpans().map(s => [this.first(s), this.pageCount(s), this.classOf(s),
            ...[1, 2, 3, 4, 5].map(place => this.objectsIn(s, place))]));
    }

    runStates() { return this.byFirst(this.currentRuns().map(r => [this.start(r), this.length(r)])); }
    regionStates() {
        return this.byFirst(this.currentRegions().map(r => [this.start(r), this.length(r), this.get(r, RUN.MADE_FOR)]));
    }

    leafStates() { return this.byFirst(this.currentLeaves().map(l => [this.start(l), 1])); }
    poolStates() {
        const { caches } = this.model;
        const exists = pool => this.get(pool, POOL.GENERATION) + this.get(pool, POOL.LIVE) + this.get(pool, POOL.BYTES) !== 0;
        return this.byFirst(this.pools.filter(exists).map(p =>
            [this.get(p, POOL.ADDRESS), this.poolBytes(p), this.get(p, POOL.GENERATION), this.poolLive(p), caches.addressesOf(p + POOL.FREE)]));
    }
}
