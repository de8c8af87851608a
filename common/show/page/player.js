// player: where in the trace the page is, and how it gets elsewhere: steps, jumps, playing.
import { CALL } from './trace.js';

const DETAIL = new Set([CALL.MAP_RESERVE, CALL.MAP_SET, CALL.RECORD_INIT, CALL.RECORD_ALLOC, CALL.RECORD_FREE, CALL.RESIZE_BEGINS]);
export const SPEEDS = [1, 2, 8, 32, 128, 1024, 8192]; // steps a second
const SLOW = 8;             // up to this speed, what moves is shown
const READING = 45;         // milliseconds a character of a note
const LEAST_READING = 1800;

// The events at which a step stops: all of them, or those that matter to a reader.
export class Stops {
    constructor(trace) {
        this.all = [];
        this.main = [];
        for (let event = trace.first; event <= trace.last(); event++) {
            this.all.push(event);
            if (this.matters(trace, event) || event === trace.last()) this.main.push(event);
        }
        this.events = this.main;
    }

    // Not: what is only seen with "every event", the first half of a realloc, and free(NULL).
    matters(trace, event) {
        const call = trace.call(event);
        if (call === CALL.RESIZE_BEGINS || (call === CALL.FREE && trace.address(event) === 0)) return false;
        return trace.within(event) === 0 || !DETAIL.has(call);
    }

    indexAtOrBefore(event) {
        let low = 0;
        let high = this.events.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.events[middle] <= event) low = middle + 1; else high = middle;
        }
        return low - 1;
    }

    next(event) { return this.events[this.indexAtOrBefore(event) + 1]; }
    before(event) { return this.events[this.indexAtOrBefore(event - 1)]; }
}

export class Player {
    constructor(context) {
        Object.assign(this, context);
        this.event = this.trace.first - 1;
        this.speed = SPEEDS[1];
        this.playing = false;
        this.owed = 0;
    }

    // Show the state after `event`.
    goTo(event, moves = false) {
        const target = Math.max(this.trace.first - 1, Math.min(this.trace.last(), event));
        const after = moves && target > this.event ? this.motion.prepare(target) : () => {};
        this.motion.stop();
        this.event = target;
        this.model.cells.seek(target - this.trace.first + 1);
        this.changed();
        after();
    }

    step(direction) {
        const target = direction > 0 ? this.stops.next(this.event) : this.stops.before(this.event) ?? this.trace.first - 1;
        if (target !== undefined) this.goTo(target, direction > 0);
        return target !== undefined;
    }

    // The next event in a sorted list, or the one before.
    jump(events, direction) {
        const after = events.find(event => event > this.event);
        const before = events.findLast(event => event < this.event);
        const target = direction > 0 ? after : before;
        if (target !== undefined) this.goTo(target, direction > 0);
        return target !== undefined;
    }

    play(on) {
        if (on && this.stops.next(this.event) === undefined) this.goTo(this.trace.first - 1);
        this.playing = on;
        this.owed = 0;
        this.waitUntil = 0;
        this.last = performance.now();
        this.changed();
        if (on) requestAnimationFrame(now => this.tick(now));
    }

    tick(now) {
        if (!this.playing) return;
        this.owed += Math.min(100, now - this.last) / 1000 * this.speed;
        this.last = now;
        if (now >= this.waitUntil && this.owed >= 1) this.advance(now);
        if (this.playing) requestAnimationFrame(later => this.tick(later));
    }

    advance(now) {
        const at = this.stops.indexAtOrBefore(this.event);
        const steps = this.speed <= SLOW ? 1 : Math.floor(this.owed);
        this.owed = this.speed <= SLOW ? 0 : this.owed - steps;
        const target = this.stops.events[Math.min(at + steps, this.stops.events.length - 1)];
        if (at + 1 >= this.stops.events.length) { this.play(false); return; }
        this.goTo(target, this.speed <= SLOW);
        if (this.speed <= SLOW && this.trace.call(target) === CALL.NOTE)
            this.waitUntil = now + Math.max(LEAST_READING, this.trace.note(target).length * READING) / Math.max(1, this.speed / 2);
    }
}
