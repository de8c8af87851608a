// trace: the records of a trace (common/trace/trace_format.h), from the text that the page carries.
// Read next: cells.js, model.js.

export const CALL = {
    MORE: 1, NOTE: 2, CALLER_BUG: 3, TEST_FAILS: 4,
    ALLOC: 10, CALLOC: 11, ALIGNED_ALLOC: 12, RESIZE_BEGINS: 13, RESIZE: 14, FREE: 15, FREE_SIZED: 16,
    POOL_PURGE: 17, THREAD_ALLOC: 20, THREAD_FREE: 21, THREAD_FLUSH: 22,
    FETCH: 30, RELEASE: 31, CENTRAL_FLUSH: 32,
    SPAN_ALLOC: 40, SPAN_FREE: 41, SPAN_RESIZE: 42, PAGE_PURGE: 43,
    MAP_RESERVE: 50, MAP_SET: 51, OS_MAP: 60, OS_UNMAP: 61, OS_PURGE: 62,
    RECORD_INIT: 70, RECORD_ALLOC: 71, RECORD_FREE: 72, RECORD_DESTROY: 73,
};

export const PAGE_BYTES = 8192;
const RECORD_BYTES = 48;
const ADDRESSES_A_RECORD = 5;

function bytesOf(base64) {
    const text = atob(base64.trim());
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
}

// Events are numbered from 1 as trace-reader numbers them; `first` is the number of the first one here.
export class Trace {
    constructor(base64, first) {
        this.bytes = bytesOf(base64);
        this.words = new Uint32Array(this.bytes.buffer);
        this.first = first;
        const records = this.bytes.length / RECORD_BYTES;
        this.records = new Int32Array(records);
        this.count = 0;
        for (let i = 0; i < records; i++) {
            const call = this.bytes[i * RECORD_BYTES];
            if (call > CALL.MORE) this.records[this.count++] = i;
        }
    }

    last() { return this.first + this.count - 1; }
    byte(event, at) { return this.bytes[this.records[event - this.first] * RECORD_BYTES + at]; }
    long(record, at) {
        const word = record * (RECORD_BYTES / 4) + at / 4;
        return this.words[word] + this.words[word + 1] * 4294967296;
    }

    call(event) { return this.byte(event, 0); }
    classId(event) { return this.byte(event, 1); }
    within(event) { return this.byte(event, 2); }
    thread(event) { return this.words[this.records[event - this.first] * 12 + 1]; }
    address(event) { return this.long(this.records[event - this.first], 16); }
    size(event) { return this.long(this.records[event - this.first], 24); }
    number(event) { return this.long(this.records[event - this.first], 32); }
    other(event) { return this.long(this.records[event - this.first], 40); }

    // The records of TRACE_MORE that belong to an event: [first, end).
    more(event) {
        const record = this.records[event - this.first];
        const promised = record + 1 + this.words[record * 12 + 2];
        let end = record + 1;
        while (end < promised && this.bytes[end * RECORD_BYTES] === CALL.MORE) end++;
        return [record + 1, end];
    }

    addresses(event) {
        const [begin, end] = this.more(event);
        const list = [];
        for (let record = begin; record < end; record++) {
            const count = this.bytes[record * RECORD_BYTES + 1];
            for (let i = 0; i < count && i < ADDRESSES_A_RECORD; i++) list.push(this.long(record, 8 + 8 * i));
        }
        return list;
    }

    note(event) {
        const [begin, end] = this.more(event);
        const parts = [];
        for (let record = begin; record < end; record++)
            parts.push(...this.bytes.subarray(record * RECORD_BYTES + 8, (record + 1) * RECORD_BYTES));
        const zero = parts.indexOf(0);
        return new TextDecoder().decode(new Uint8Array(zero < 0 ? parts : parts.slice(0, zero)));
    }
}
