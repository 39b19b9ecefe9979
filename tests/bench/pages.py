"""What the benchmark asks of the gate's page."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from tests.gate.fake_camera import SIZE, planes

ROSTER_WIRE = """() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/roster'))
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""

TABLE_BYTES = """async () => {
    const [{ readKnown }, { bytesOf }] = await Promise.all([import('/gate/rosterstore.js'), import('/gate/roster.js')]);
    return bytesOf((await readKnown()).table);
}"""

# The plain way: each badge an object, found by its number.
MAKE_PLAIN = """async () => {
    const { readKnown } = await import('/gate/rosterstore.js');
    const { createRoster } = await import('/gate/roster.js');
    const { table } = await readKnown();
    const roster = createRoster(table);
    globalThis.plain = new Map([...table.numbers].map((number) => [number, { number, ...roster.find(number) }]));
    return globalThis.plain.size;
}"""

KEEP_PLAIN = """async () => new Promise((resolve) => {
    const opening = indexedDB.open('plain', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('badges', { keyPath: 'number' });
    opening.onsuccess = () => {
        const work = opening.result.transaction('badges', 'readwrite');
        for (const badge of globalThis.plain.values()) work.objectStore('badges').put(badge);
        work.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""

LOAD = """async () => {
    const { createKnowledge } = await import('/gate/knowledge.js');
    const { scansSince } = await import('/gate/owed.js');
    const started = performance.now();
    await createKnowledge().load(await scansSince(0));
    return performance.now() - started;
}"""

LOAD_PLAIN = """async () => {
    const started = performance.now();
    const rows = await new Promise((resolve) => {
        const opening = indexedDB.open('plain', 1);
        opening.onsuccess = () => {
            const reading = opening.result.transaction('badges').objectStore('badges').getAll();
            reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
        };
    });
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    return byNumber.size && performance.now() - started;
}"""

STRICT_PUT = """async () => {
    const { strictly } = await import('/gate/store.js');
    const record = { id: crypto.randomUUID(), kind: 'bench', token: 'X'.repeat(28), wall: Date.now(), parked_at: 1 };
    const started = performance.now();
    const seq = await strictly(['outbox'], (transaction) => transaction.store.add(record));
    const taken = performance.now() - started;
    await strictly(['outbox'], (transaction) => transaction.store.delete(seq));
    return taken;
}"""

STORED = """async () => {
    const { database } = await import('/gate/store.js');
    return (await (await database()).getAll('outbox')).map(({ token }) => token);
}"""


def write_parade(path: Path, pictures: Iterable[Image.Image]) -> None:
    """A clip of badges that follow each other every half second, two frames each, without a pause between them."""
    beside = path.with_suffix(".part")
    with beside.open("wb") as out:
        out.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F4:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            out.write((b"FRAME\n" + planes(picture)) * 2)
    os.replace(beside, path)  # noqa: PTH105  the browser must never read half a clip
