// cells: the whole state of the model as one array of numbers, which remembers every change.
//
//   values   [ … | object | object | span | list | … ]
//   log      slot, before, after    slot, before, after    …      ends[k]: where event k's changes end
//
// To go forward is to write what was written; to go back, what was there before. So any event can be
// reached from any other without working anything out again, and stepping back is exact.

class Numbers {
    constructor(kind, room) { this.items = new kind(room); this.length = 0; }
    push(value) {
        if (this.length === this.items.length) {
            const more = new this.items.constructor(this.length * 2);
            more.set(this.items);
            this.items = more;
        }
        this.items[this.length++] = value;
    }
}

export class Cells {
    constructor() {
        this.values = new Float64Array(1 << 16);
        this.used = 1; // slot 0 is nobody's, so that 0 means none
        this.slots = new Numbers(Int32Array, 1 << 16);
        this.before = new Numbers(Float64Array, 1 << 16);
        this.after = new Numbers(Float64Array, 1 << 16);
        this.ends = new Numbers(Int32Array, 1 << 12);
        this.ends.push(0);
        this.at = 0; // events applied
    }

    // Room for a new thing. What is written here before the first set() is there at every event.
    make(count, ...constants) {
        const base = this.used;
        this.used += count;
        if (this.used > this.values.length) {
            const more = new Float64Array(this.values.length * 2);
            more.set(this.values);
            this.values = more;
        }
        constants.forEach((value, i) => { this.values[base + i] = value; });
        return base;
    }

    set(slot, value) {
        const before = this.values[slot];
        if (before === value) return;
        this.slots.push(slot);
        this.before.push(before);
        this.after.push(value);
        this.values[slot] = value;
    }

    add(slot, amount) { this.set(slot, this.values[slot] + amount); }

    // The state so far is where the first event starts.
    beginHere() { this.slots.length = this.before.length = this.after.length = 0; }
    endEvent() { this.ends.push(this.slots.length); this.at++; }

    seek(to) {
        const { values } = this;
        const slots = this.slots.items;
        let at = this.ends.items[this.at];
        const end = this.ends.items[to];
        for (const after = this.after.items; at < end; at++) values[slots[at]] = after[at];
        for (const before = this.before.items; at > end;) { at--; values[slots[at]] = before[at]; }
        this.at = to;
    }

    // Every change of one slot, as [event, value]: the story of a number.
    history(slot) {
        const story = [];
        const slots = this.slots.items;
        for (let event = 0, at = 0; event < this.ends.length; event++)
            for (; at < this.ends.items[event]; at++)
                if (slots[at] === slot) story.push([event, this.after.items[at]]);
        return story;
    }
}
