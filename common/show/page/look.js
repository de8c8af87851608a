// look: colours of classes and states, and small helpers for elements and canvases.

export const STATE = { PROGRAM: 'program', THREAD: 'thread', READY: 'ready', FREE: 'free', TAIL: 'tail' };
const GOLDEN_ANGLE = 137.5;

export function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export class Look {
    // Classes that are used, in order, get hues far apart from their neighbours'.
    constructor(usedClasses) {
        this.hues = new Map(usedClasses.map((classId, i) => [classId, (205 + i * GOLDEN_ANGLE) % 360]));
        this.refresh();
    }

    refresh() {
        this.dark = isDark();
        this.colors = new Map();
        const style = getComputedStyle(document.documentElement);
        for (const name of ['ink', 'muted', 'line', 'paper', 'raised', 'accent', 'bad'])
            this[name] = style.getPropertyValue(`--${name}`).trim();
    }

    // Asked for thousands of times a frame, so each is put together once.
    classColor(classId, alpha = 1) {
        const key = classId * 128 + Math.round(alpha * 100);
        let color = this.colors.get(key);
        if (color === undefined) this.colors.set(key, color = this.mixColor(classId, alpha));
        return color;
    }

    mixColor(classId, alpha) {
        if (classId === 0) return this.dark ? `oklch(0.78 0.02 250 / ${alpha})` : `oklch(0.52 0.03 250 / ${alpha})`;
        const hue = this.hues.get(classId) ?? 0;
        return this.dark ? `oklch(0.76 0.11 ${hue} / ${alpha})` : `oklch(0.6 0.12 ${hue} / ${alpha})`;
    }
}

export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name === 'class') made.className = value;
        else if (name === 'text') made.textContent = value;
        else if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
        else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
}

// Only what changed is written: most frames change little.
export function setText(node, text) { if (node.textContent !== text) node.textContent = text; }
export function setWidth(node, width) { if (node.style.width !== width) node.style.width = width; }

// A canvas as sharp as the screen; returns its context, in CSS pixels, and how large it is.
export function canvasOf(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.round(width * ratio);
    const high = Math.round(height * ratio);
    if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
}
