// motion: one step forward is shown as what moves: an object, a batch or a span goes from where it was to
// where it comes to. Nothing moves where the reader asked for less motion.
import { CALL, PAGE_BYTES } from './trace.js';

const DURATION = 520; // milliseconds

export class Motion {
    constructor(context) { Object.assign(this, context); this.running = []; }

    stop() { this.running.splice(0).forEach(animation => animation.finish()); }

    // Before the step: where things are. Returns what to do after it.
    prepare(event) {
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) return () => {};
        const move = this.moveOf(event);
        const from = move && this.box(move.from);
        return () => {
            const to = move && this.box(move.to);
            if (from && to) this.fly(from, to, move);
        };
    }

    box(anchor) {
        if (!anchor) return null;
        const box = anchor.getBoundingClientRect ? anchor.getBoundingClientRect() : anchor;
        return box.width > 0 ? box : null;
    }

    moveOf(event) {
        const { trace, views, model } = this;
        const thread = trace.thread(event);
        const call = trace.call(event);
        const address = trace.address(event);
        const classId = this.classOf(event);
        const row = kind => views.threads.anchor(thread, classId, kind);
        switch (call) {
        case CALL.ALLOC: case CALL.CALLOC: case CALL.ALIGNED_ALLOC: case CALL.THREAD_ALLOC: case CALL.RESIZE:
            return { from: classId === 0 ? views.pages.anchor() : row('active'), to: row('held'), classId, count: 1 };
        case CALL.FREE: case CALL.FREE_SIZED: case CALL.THREAD_FREE:
            return { from: row('held'), to: classId === 0 ? views.pages.anchor() : row('active'), classId, count: 1 };
        case CALL.FETCH:
            return { from: views.central.anchor(classId, model.caches.readyCount(classId) ? 'ready' : 'spans'), to: row('active'), classId, count: trace.number(event) };
        case CALL.RELEASE:
            return { from: row('spare'), to: views.central.anchor(classId, 'ready'), classId, count: trace.number(event) };
        case CALL.SPAN_ALLOC:
            return { from: views.pages.anchor(), to: classId === 0 ? views.map.anchor(address / PAGE_BYTES) : views.central.anchor(classId, 'spans'), classId, count: 0 };
        case CALL.SPAN_FREE:
            return { from: classId === 0 ? views.map.anchor(address / PAGE_BYTES) : views.central.anchor(classId, 'spans'), to: views.pages.anchor(), classId, count: 0 };
        case CALL.OS_MAP:
            return trace.within(event) === CALL.SPAN_ALLOC ? { from: views.map.anchor(address / PAGE_BYTES), to: views.pages.anchor(), classId: 0, count: 0 } : null;
        default: return null;
        }
    }

    classOf(event) {
        const { trace, model } = this;
        const call = trace.call(event);
        if (call >= CALL.THREAD_ALLOC) return trace.classId(event);
        const object = model.caches.find(trace.address(event));
        return object === 0 ? 0 : model.caches.classIdOf(object);
    }

    fly(from, to, { classId, count }) {
        const ghost = document.createElement('div');
        ghost.className = count === 0 ? 'ghost span' : 'ghost';
        ghost.setAttribute('aria-hidden', 'true');
        ghost.style.setProperty('--color', this.look.classColor(classId));
        if (count !== 0) ghost.style.width = `calc(var(--dot) * ${Math.min(count, 24)})`;
        document.body.append(ghost);
        const at = box => `translate(${box.left + Math.min(box.width / 2, 40)}px, ${box.top + box.height / 2 - 4}px)`;
        const animation = ghost.animate([{ transform: at(from), opacity: 0.2 }, { opacity: 1, offset: 0.15 },
            { opacity: 1, offset: 0.8 }, { transform: at(to), opacity: 0 }], { duration: DURATION, easing: 'cubic-bezier(.4,0,.2,1)' });
        animation.onfinish = () => ghost.remove();
        this.running.push(animation);
    }
}
