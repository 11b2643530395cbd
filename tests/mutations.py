"""Damages fixtures: the same seed gives the same files."""

import csv
import gzip
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from oracle.resave import LOCALES, resave
from packing import write_parquet, write_workbook

FIXTURES = Path(__file__).parents[1] / "fixtures"
TARGETS = (
    "https://www.deskwise.example/standing-desk/",
    "https://www.lampkin.example/desk-lamp/",
    "https://our-check.example/guide",
)
_LONGEST = 12_000
"""Of a longer fixture only the first lines are used: small files are read quickly."""

_LARGEST = 200_000
"""What damage may make of a file."""

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252")
_MARKS = (
    b"\0",
    b'"',
    b'""',
    b"\r",
    b"\n",
    b"\r\n",
    b"\t",
    b",",
    b";",
    b"'",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
)
ABSURD = (
    "", " ", "-", "--", "-1", "0", "1" * 400, "9" * 19, "-5", "1e999", "NaN", "inf", "1.2K", "3,4",
    "1.234.567", "½", "٣", "true", "TRUE", "2026-02-31", "0000-00-00", "9999-12-31T25:00:00Z",
    "https://", "http://[::1", "http://[fe80::1%25eth0]/", "https://" + "a." * 300 + "com/",
    "https://a..b/", "https://xn--/", "https://xn--a-ä.example/", "//host", "javascript:alert(1)",
    "https://user:pass@host:99999/", "https://%00.example/", "https://a.example/%zz?=&&=#", "HTTP://",
    "https://😀.example/", "\u202ehttps://a.example", "\x1b[2J", "[red]x", "=1+1", "'=1", "x" * 20_000,
    "a\nb", 'a"b', "\udcff", "\ufffd", "co.uk", "https://co.uk/", "127.0.0.1", "https://0x7f.1/",
)  # fmt: skip


@cache
def bases() -> tuple[bytes, ...]:
    """Give the fixtures, the longer ones cut at a line."""
    found = []
    for path in sorted(FIXTURES.glob("*/**/*")):
        if (
            path.is_file()
            and path.suffix in {".csv", ".tsv", ".txt"}
            and "reports" not in path.parts
        ):
            data = path.read_bytes()
            wide = data.startswith(b"\xff\xfe")
            cut = data.rfind(b"\n", 0, _LONGEST) + 1 + wide
            found.append(data[:cut] if len(data) > _LONGEST else data)
    return tuple(found)


@cache
def packed_bases() -> tuple[bytes, ...]:
    """Give fixtures as gzip files, archives, spreadsheets and Parquet files."""
    texts = [data for data in bases() if len(data) > 100][::3]
    found = [gzip.compress(data, mtime=0) for data in texts[:8]]
    found += [
        _archive({f"{n}.csv": data for n, data in enumerate(texts[at : at + 3])}) for at in (0, 3)
    ]
    with TemporaryDirectory() as place:
        for number, (header, *rows) in enumerate(filter(None, map(_rows, texts[:12]))):
            same = [row for row in rows if len(row) == len(header)]
            path = Path(place) / str(number)
            if number % 2:
                clean = [[cell.replace("\x1b", "") for cell in row] for row in (header, *same)]
                found.append(
                    write_workbook(path, {"One": [["a title"]], "Two": clean}).read_bytes()
                )
            elif len(set(map(str.casefold, header))) == len(header):
                found.append(write_parquet(path, header, same).read_bytes())
    return tuple(found)


def _archive(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def _text(data: bytes) -> tuple[str, str]:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace"), encoding


def _rows(data: bytes) -> list[list[str]]:
    text, _ = _text(data)
    delimiter = max("\t,;", key=text.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def mutated(dice: Random) -> bytes:
    """Give a damaged file; one in five is a container, or holds one."""
    if dice.random() < 0.2:
        return _damaged_container(dice)
    data = dice.choice(bases())
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        data = dice.choice(_ON_TEXT if dice.random() < 0.6 else _ON_BYTES)(data, dice)[:_LARGEST]
    return data


def _damaged_container(dice: Random) -> bytes:
    if dice.random() < 0.02:
        return _many_strings(dice)
    data = dice.choice(packed_bases())
    if data.startswith(b"PK") and dice.random() < 0.6:
        return _damaged_inside(data, dice)
    if dice.random() < 0.2:
        inside = {
            f"{n}{dice.choice(ABSURD)[:50]}": mutated(dice) for n in range(dice.randint(1, 4))
        }
        return _archive({name.replace("\udcff", ""): data for name, data in inside.items()})
    if dice.random() < 0.2:
        return gzip.compress(mutated(dice), mtime=0)
    for _ in range(dice.choice((1, 1, 2, 5))):
        data = dice.choice((*_ON_BYTES, _damage_an_end))(data, dice)
    return data


def _many_strings(dice: Random) -> bytes:
    """Give a workbook of which many cells hold the same few texts, some of them long."""
    texts = [dice.choice((*ABSURD, "y" * 30_000)).replace("\udcff", "") for _ in range(8)]
    rows = [[dice.choice(texts) for _ in range(6)] for _ in range(dice.choice((20, 100)))]
    header = ["keyword", "position", "url", "referring_domains", "title", "type"]
    with TemporaryDirectory() as place:
        return write_workbook(Path(place) / "w", {"One": [header, *rows]}).read_bytes()


def _damaged_inside(data: bytes, dice: Random) -> bytes:
    """Damage a member and pack it again, so that the damage is not found by its sum."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice([*members])
    for _ in range(dice.choice((1, 1, 3))):
        members[name] = dice.choice((*_ON_BYTES, _swap_digits))(members[name], dice)
    return _archive(members)


# --- damage to bytes -----------------------------------------------------------------------------


def _flip(data: bytes, dice: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2, 8, 40)) if data else 0):
        changed[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(changed)


def _cut(data: bytes, dice: Random) -> bytes:
    return data[: dice.randint(0, len(data))]


def _cut_out(data: bytes, dice: Random) -> bytes:
    start, end = sorted((dice.randint(0, len(data)), dice.randint(0, len(data))))
    return data[:start] + data[min(end, start + dice.choice((1, 2, 100, 5000))) :]


def _splice(data: bytes, dice: Random) -> bytes:
    other = dice.choice(bases())
    return data[: dice.randint(0, len(data))] + other[dice.randint(0, len(other)) :]


def _repeat(data: bytes, dice: Random) -> bytes:
    start = dice.randint(0, len(data))
    return (
        data[:start]
        + data[start : start + dice.choice((1, 50, 2000))] * dice.randint(2, 9)
        + data[start:]
    )


def _insert(data: bytes, dice: Random) -> bytes:
    at = dice.choice((0, dice.randint(0, len(data)), len(data)))
    return data[:at] + dice.choice(_MARKS) * dice.choice((1, 1, 2, 500)) + data[at:]


def _damage_an_end(data: bytes, dice: Random) -> bytes:
    changed = bytearray(data)
    at = dice.choice((dice.randrange(40), -1 - dice.randrange(80)))
    if -len(data) <= at < len(data):
        changed[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
    return bytes(changed)


def _swap_digits(data: bytes, dice: Random) -> bytes:
    digit, other = (str(dice.randrange(10)).encode() for _ in range(2))
    return data.replace(digit, other * dice.choice((1, 1, 7)), dice.choice((1, 5, -1)))


# --- damage to tables ----------------------------------------------------------------------------


def _on_rows(change: Callable[[list[list[str]], Random], None]) -> Callable[[bytes, Random], bytes]:
    def damage(data: bytes, dice: Random) -> bytes:
        rows = _rows(data)
        if not rows or not rows[0]:
            return _flip(data, dice)
        change(rows, dice)
        text = io.StringIO(newline="")
        end = dice.choice(("\n", "\n", "\r\n", "\r"))
        csv.writer(text, delimiter=dice.choice(",\t;"), lineterminator=end).writerows(rows)
        return text.getvalue().encode("utf-8", "surrogateescape")

    return damage


def _replace_cells(rows: list[list[str]], dice: Random) -> None:
    for _ in range(dice.choice((1, 3, 20))):
        row = dice.choice(rows)
        if row:
            row[dice.randrange(len(row))] = dice.choice(ABSURD)


def _fill_column(rows: list[list[str]], dice: Random) -> None:
    at, cell = dice.randrange(len(rows[0])), dice.choice(ABSURD)
    for row in rows[1:]:
        row[at : at + 1] = [cell]


def _rename(rows: list[list[str]], dice: Random) -> None:
    other = dice.choice([found[0] for found in map(_rows, bases()) if found and found[0]])
    rows[0][dice.randrange(len(rows[0]))] = dice.choice((*other, "", dice.choice(ABSURD)))


def _shuffle(rows: list[list[str]], dice: Random) -> None:
    order = list(range(len(rows[0])))
    dice.shuffle(order)
    rows[:] = [[row[at] for at in order if at < len(row)] for row in rows]


def _move_rows(rows: list[list[str]], dice: Random) -> None:
    rows.insert(dice.randint(0, len(rows)), list(dice.choice(rows)))
    rows.insert(dice.choice((0, len(rows))), [dice.choice(ABSURD)] * dice.randint(0, 5))


def _widen(rows: list[list[str]], dice: Random) -> None:
    for row in rows if dice.random() < 0.5 else [dice.choice(rows)]:
        row.extend([dice.choice(ABSURD)] * dice.choice((1, 2, 300)))


def _resave(data: bytes, dice: Random) -> bytes:
    rows = [[_REPLACED.sub("?", cell) for cell in row] for row in _rows(data)]
    return resave(rows, dice.choice(LOCALES), dice) if rows else data


def _encode(data: bytes, dice: Random) -> bytes:
    return _text(data)[0].encode(dice.choice(_ENCODINGS), "replace")


_ON_BYTES: Sequence[Callable[[bytes, Random], bytes]] = (
    _flip,
    _cut,
    _cut_out,
    _splice,
    _repeat,
    _insert,
)
_ON_TEXT: Sequence[Callable[[bytes, Random], bytes]] = (
    *map(
        _on_rows,
        (_replace_cells, _replace_cells, _fill_column, _rename, _shuffle, _move_rows, _widen),
    ),
    _encode,
    _resave,
)


_REPLACED = re.compile("[\ud800-\udfff]")

NAMES = (
    *(
        "a b.csv",
        "[x].csv",
        "*.csv",
        "~",
        "file:x.csv",
        "lost=true.csv",
        "ä\u0301.csv",
        "\u202e.csv",
    ),
    *(
        "-x.csv",
        "x\ny.csv",
        os.fsdecode(b"\xff.csv"),
        "a" * 250 + ".csv",
        "con",
        "%00.csv",
        "'.csv",
    ),
)


def disturb(folder: Path, dice: Random) -> None:
    """Put unsound files into a folder: loops of links, pipes, odd names, other folders."""
    for name in dice.sample(NAMES, 4):
        (folder / name).write_bytes(mutated(dice))
    (folder / "loop").symlink_to("loop")
    (folder / "there").symlink_to("back")
    (folder / "back").symlink_to("there")
    (folder / "up").symlink_to("..")
    (folder / "nowhere.csv").symlink_to("nothing")
    if dice.random() < 0.5:
        os.mkfifo(folder / "pipe.csv")
    (folder / "lost=true").mkdir()


def arguments(dice: Random, names: Sequence[str]) -> list[str]:
    """Give a command line over files."""
    return [*names, *_options(dice, names)]


def _options(dice: Random, names: Sequence[str]) -> Iterator[str]:
    yield from ("--format", dice.choice(("json", "json", "table", "csv", "jsonl")))
    yield from ("--as-of", "2026-11-20", "--profile", dice.choice(("all", "balanced", "strict")))
    if dice.random() < 0.7:
        yield from ("--target", dice.choice(TARGETS))
    if dice.random() < 0.2:
        yield "--sensitivity"
    if dice.random() < 0.2 and names[0] != ".":
        yield from ("--links-for", f"{dice.choice(TARGETS)}={dice.choice(names)}")
