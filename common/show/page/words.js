// words: events, sizes and addresses as people read them, in the handouts' words.
import { CALL, PAGE_BYTES } from './trace.js';

const BUGS = ['double free', 'not an object of this pool', 'inside an object', 'object of another size class',
    'wrong size or alignment', 'free object was overwritten', 'written to after it was freed', 'broken invariant'];

export function bytesText(bytes) {
    if (bytes < 1024) return `${bytes} B`;
    if (bytes < 1024 * 1024) return `${+(bytes / 1024).toFixed(1)} KiB`;
    return `${+(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

const grouping = new Intl.NumberFormat('en'); // made once: toLocaleString makes one at each call
export function numberText(number) { return grouping.format(number); }
export function countText(count, one, many = `${one}s`) { return `${numberText(count)} ${count === 1 ? one : many}`; }
// The end of an address tells objects apart; the whole one is in the story.
export function shortAddress(address) { return `…${address.toString(16).slice(-6)}`; }
export function fullAddress(address) { return `0x${address.toString(16)}`; }

export class Words {
    constructor(trace, facts) { this.trace = trace; this.facts = facts; }

    classText(classId) {
        return classId === 0 ? 'large' : `class ${classId}, ${bytesText(this.facts.classBytes[classId])}`;
    }

    // One sentence for an event.
    event(event) {
        const { trace } = this;
        const who = `Thread ${trace.thread(event)}`;
        const at = shortAddress(trace.address(event));
        const failed = trace.address(event) === 0;
        const size = bytesText(trace.size(event));
        const number = trace.number(event);
        const ofClass = this.classText(trace.classId(event));
        const pages = countText(number, 'page');
        switch (trace.call(event)) {
        case CALL.NOTE: return trace.note(event);
        case CALL.TEST_FAILS: return 'The test fails.';
        case CALL.CALLER_BUG: return `The pool stops ${who.toLowerCase()} at ${at}: ${BUGS[number] ?? 'a bug of the caller'}.`;
        case CALL.ALLOC: return failed ? `${who} asks for ${size}: memory is out.` : `${who} takes ${size}: object ${at}.`;
        case CALL.CALLOC: return failed ? `${who} asks for ${size}, zeroed: memory is out.` : `${who} takes ${size}, zeroed: object ${at}.`;
        case CALL.ALIGNED_ALLOC: return failed ? `${who} asks for ${size} at a multiple of ${number}, and gets none.` : `${who} takes ${size} at a multiple of ${number}: object ${at}.`;
        case CALL.RESIZE_BEGINS: return failed ? `${who} asks for ${size} by realloc.` : `${who} asks for object ${at} to be ${size} long.`;
        case CALL.RESIZE: return this.resize(event, who, at, size, failed);
        case CALL.FREE: case CALL.FREE_SIZED: return failed ? `${who} frees NULL: nothing to do.` : `${who} frees object ${at}.`;
        case CALL.POOL_PURGE: return `${who} has purged the pool: ${bytesText(number)} went back to the system.`;
        case CALL.THREAD_ALLOC: return failed ? `${who} asks for an object of ${ofClass}: memory is out.` : `${who} takes object ${at} of ${ofClass}.`;
        case CALL.THREAD_FREE: return `${who} frees object ${at} of ${ofClass}.`;
        case CALL.THREAD_FLUSH: return `${who} flushes its cache: all it holds goes down.`;
        case CALL.FETCH: return failed ? `${who} fetches from ${ofClass}: memory is out.` : `${who} fetches ${number === this.facts.classBatch[trace.classId(event)] && number > 1 ? `a batch of ${number} objects` : countText(number, 'object')} of ${ofClass}.`;
        case CALL.RELEASE: return `${who} sends ${countText(number, 'object')} of ${ofClass} down to the central cache.`;
        case CALL.CENTRAL_FLUSH: return 'The central cache puts its ready batches back into their spans.';
        case CALL.SPAN_ALLOC: return failed ? `No span of ${pages} can be had.` : `The page cache hands out a span of ${pages} for ${trace.classId(event) === 0 ? 'a large object' : ofClass}.`;
        case CALL.SPAN_FREE: return `A span of ${pages} (${ofClass}) goes back to the page cache.`;
        case CALL.SPAN_RESIZE: return `A large object's span is to have ${pages} in place of ${trace.size(event)}${trace.other(event) === 0 ? ': that cannot be done where it lies' : ''}.`;
        case CALL.PAGE_PURGE: return `The page cache gives ${bytesText(number)} of idle pages back to the system.`;
        case CALL.MAP_RESERVE: return `The page map makes room for ${pages}.`;
        case CALL.MAP_SET: return trace.other(event) === 0 ? `The page map forgets ${pages} from ${at} on.` : `The page map notes the span of ${pages} from ${at} on${trace.classId(event) === 0 ? '' : ` (${ofClass})`}.`;
        case CALL.OS_MAP: return failed ? `The system has no ${size} to give.` : `The system maps ${size} ${this.purpose(event)}.`;
        case CALL.OS_UNMAP: return `${size} are unmapped: the addresses go back to the system.`;
        case CALL.OS_PURGE: return `The memory behind ${countText(trace.size(event) / PAGE_BYTES, 'page')} goes back to the system; the addresses stay.`;
        case CALL.RECORD_INIT: return `An object pool of ${size} a record is set up.`;
        case CALL.RECORD_ALLOC: return failed ? 'An object pool has no memory left.' : `Object ${at} is handed out by its pool.`;
        case CALL.RECORD_FREE: return `Object ${at} comes back to its pool: it is on top of the free list now.`;
        case CALL.RECORD_DESTROY: return 'The object pool gives every chunk back.';
        default: return `Call ${trace.call(event)}.`;
        }
    }

    resize(event, who, at, size, failed) {
        const old = this.trace.other(event);
        if (failed) return `${who} cannot have ${size}: the object stays as it is.`;
        if (old === 0) return `${who} takes ${size}: object ${at}.`;
        return old === this.trace.address(event) ? `The object stays at ${at}; it is ${size} long now.`
            : `The object moves from ${shortAddress(old)} to ${at}, ${size} long.`;
    }

    purpose(event) {
        const within = this.trace.within(event);
        if (within === CALL.RECORD_ALLOC) return 'for a chunk of records';
        if (within === CALL.MAP_RESERVE || within === CALL.MAP_SET) return 'for a leaf of the page map';
        return within === CALL.SPAN_ALLOC ? 'for spans: a new region' : '';
    }
}
