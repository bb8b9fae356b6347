"""More than a thousand hostile or malformed files, always the same ones for the same seed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from random import Random

from measures.exchange.fixtures import AKR_DOCUMENT
from tests.make_files import make_zip

from .hostile_archives import DATA, MAIN, Hostile, hostile_archives, members_of
from .hostile_parts import hostile_parts
from .hostile_texts import hostile_texts, strange_texts

SEED = 2030
REAL_FILES = (*sorted(DATA.glob("akr*.*")), AKR_DOCUMENT)


def hostile_files(seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of all files; some that were only mutated are still a proper plan."""
    yield from guarded_files(seed)
    yield from unguarded_files(seed)


def guarded_files(seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """Yield those that the guard alone has to refuse."""
    random = Random(seed)
    yield from _named(_all(hostile_archives(random), hostile_parts(), hostile_texts(random)))


def unguarded_files(seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """Yield those that the guard may let pass: a reader then refuses them, or reads a plan that is left."""
    yield from _named(_all(strange_texts(), _mutated(Random(seed))))


def _all(*groups: Iterable[Hostile]) -> Iterator[Hostile]:
    for group in groups:
        yield from group


def _named(files: Iterable[Hostile]) -> Iterator[tuple[str, bytes]]:
    """Give each file a name that tells its kind and which one of them it is."""
    seen: Counter[str] = Counter()
    for file in files:
        seen[file.kind] += 1
        yield f"{file.kind}-{seen[file.kind]:03}.{file.ending}".rstrip("."), file.content


def _mutated(random: Random) -> Iterator[Hostile]:
    for path in REAL_FILES:
        content, ending = path.read_bytes(), path.suffix[1:]
        for kind, mutate in MUTATIONS.items():
            for _time in range(10):
                yield Hostile(kind, ending, mutate(content, random))
    for ending in MAIN:
        members = members_of(ending)
        for name in members:
            for kind, mutate in MUTATIONS.items():
                for _time in range(2):
                    parts = {**members, name: mutate(members[name], random)}
                    yield Hostile(f"part-{kind}", ending, make_zip(parts))
        for _time in range(10):
            one, other = random.sample(sorted(members), 2)
            swapped = {**members, one: members[other], other: members[one]}
            yield Hostile("part-swapped", ending, make_zip(swapped))


def _truncated(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(1, len(content))]


def _flipped(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _time in range(random.choice((1, 3, 20, 200))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content))
    return content[:start] + content[start + random.randrange(1, 500) :]


def _stuffed(content: bytes, random: Random) -> bytes:
    start = random.randrange(len(content))
    return content[:start] + random.randbytes(random.randrange(1, 50)) + content[start:]


def _doubled(content: bytes, random: Random) -> bytes:
    start, end = sorted(random.sample(range(len(content) + 1), 2))
    return content[:end] + content[start:]


MUTATIONS: dict[str, Callable[[bytes, Random], bytes]] = {
    "truncated": _truncated,
    "flipped": _flipped,
    "cut": _cut,
    "stuffed": _stuffed,
    "doubled": _doubled,
}
