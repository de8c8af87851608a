// Prints digests, the same in every run.
const crypto = require('crypto');
const zlib = require('zlib');
const { Worker, isMainThread, workerData, parentPort } = require('worker_threads');
const { execFileSync } = require('child_process');

let state = 42;
const below = limit => { state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff; return state % limit; };
const digest = text => crypto.createHash('sha256').update(text).digest('hex').slice(0, 16);

function buffers(count) {
    const kept = [];
    for (let i = 0; i < count; i++) {
        const buffer = Buffer.allocUnsafeSlow(1 + below(20000)).fill(i & 255);
        kept[below(2000)] = buffer;
    }
    return digest(Buffer.concat(kept.filter(Boolean).slice(0, 500)));
}

function objects(count) {
    const map = new Map();
    for (let i = 0; i < count; i++) {
        map.set('key' + below(50000), { index: i, text: 'x'.repeat(below(100)), list: [i, i + 1] });
        if (i % 3 === 0) map.delete('key' + below(50000));
    }
    return digest(JSON.stringify([...map].sort((a, b) => (a[0] < b[0] ? -1 : 1)).slice(0, 5000)));
}

if (!isMainThread) {
    state = workerData;
    parentPort.postMessage(buffers(20000) + objects(30000));
} else {
    (async () => {
        for (let round = 0; round < Number(process.argv[2]); round++) {
            console.log('buffers', buffers(60000));
            console.log('objects', objects(150000));
            const text = Buffer.from(Array.from({ length: 300000 }, () => below(64) + 32));
            const packed = await Promise.all([1, 6, 9].map(level =>
                new Promise((done, failed) => zlib.gzip(text, { level }, (error, result) => (error ? failed(error) : done(result))))));
            console.log('gzip', packed.map(p => digest(zlib.gunzipSync(p))).join(' '));
            const keys = await Promise.all(Array.from({ length: 8 }, (_, i) =>
                new Promise((done, failed) => crypto.scrypt('password' + i, 'salt', 32, (error, key) => (error ? failed(error) : done(key))))));
            console.log('scrypt', digest(Buffer.concat(keys)));
            const answers = await Promise.all(Array.from({ length: 4 }, (_, i) =>
                new Promise((done, failed) => new Worker(__filename, { workerData: round * 10 + i + 1 }).on('message', done).on('error', failed))));
            console.log('workers', digest(answers.join()));
            console.log('child', execFileSync('echo', ['from a child']).toString().trim());
        }
    })();
}
