// sorted: arrays of things in the order of their first cell. Used while the trace is worked out.
export class Sorted {
    constructor(cells) { this.cells = cells; this.items = []; }
    key(index) { return this.cells.values[this.items[index]]; }

    // The last item whose key is at most `key`; -1 if there is none.
    atOrBelow(key) {
        let low = 0;
        let high = this.items.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.key(middle) <= key) low = middle + 1; else high = middle;
        }
        return low - 1;
    }

    insert(item) { this.items.splice(this.atOrBelow(this.cells.values[item]) + 1, 0, item); }
    remove(index) { this.items.splice(index, 1); }
}
