"""Reads the beginning of a table: its encoding, and the lines that may be its header."""

import csv
import io
import re
from bisect import bisect_right
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from gapcalc.errors import InputError, unopened
from gapcalc.workspace import kind_of, real_path

Encoding = Literal[
    "utf-8", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "cp932", "cp949", "gbk"
]

SAMPLE = 64 * 1024
DELIMITERS = ("\t", ",", ";", "|")
HEADER_LINES = 30
"""Lines that are searched for a header; preambles of real exports end at line 9."""

# Titles and anchors can exceed the csv module's limit of 131,072 characters a cell.
csv.field_size_limit(2**31 - 1)

_BOMS: tuple[tuple[bytes, Encoding], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MOST_NAMES, _SIMILAR = 1000, 0.75
"""How many files of a folder are searched for a similar name, and how similar it must be."""
_HIGH_BYTES: tuple[tuple[Encoding, int], ...] = (("utf-16-le", 1), ("utf-16-be", 0))
_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_SIGNATURES = (
    (
        b"\xd0\xcf\x11\xe0",
        "it is an old spreadsheet (XLS) or one with a password",
        "Save the sheet as CSV or XLSX",
    ),
    (b"%PDF", "it is a PDF", "Export CSV from the tool instead"),
    (b"{\\rtf", "it is an RTF document", "Save the table as CSV"),
)

# Patterns stay texts: most are never needed, and compiling them all would take a while at start.
_HTML = (
    rb"(?is)(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?"
    rb"<(?:!doctype|html|head|meta|body|table|div|style|workbook|ss:workbook|\?mso)"
)


class Break(NamedTuple):
    """A row that spans lines: `row` begins at `line` and takes `more` further lines."""

    line: int
    row: int
    more: int

    @classmethod
    def each(cls, rows: Iterable[tuple[int, int]]) -> Iterator["Break"]:
        """Make breaks from (row, further lines) pairs, given in the order of the rows."""
        ahead = 0
        for row, more in rows:
            yield cls(row + ahead, row, more)
            ahead += more


class Origin(NamedTuple):
    """Where a sheet comes from: the user's file and, in an archive, the member.

    `note` is shown with the input. `breaks` are the rows of a spreadsheet that take several lines
    of its text. `cut` is the reason why rows are missing. `parquet` is the Parquet file of which
    the sheet is only the beginning. `state` is the size and time of the file when it was opened.
    """

    file: Path
    member: str = ""
    note: str | None = None
    breaks: tuple[Break, ...] = ()
    cut: str | None = None
    parquet: Path | None = None
    state: tuple[int, int] | None = None

    @property
    def place(self) -> tuple[Path, str]:
        """The identity of the sheet."""
        return self.file, self.member

    def row(self, line: int) -> int:
        """Give the number of the row that contains a line of the text."""
        at = bisect_right(self.breaks, line, key=lambda row: row.line) - 1
        if at < 0:
            return line
        last = self.breaks[at]
        return last.row + max(0, line - last.line - last.more)


class Sheet(NamedTuple):
    """A table in a file: its encoding, and the physical lines of its beginning with their ends.

    `start` is the length of the byte order mark. `path` is a temporary file where `origin` is a
    container.
    """

    name: str
    path: Path
    encoding: Encoding
    start: int
    lines: tuple[str, ...]
    size: int
    origin: Origin


def place_of(path: Path) -> tuple[Path, str]:
    """Give the file of a path, and the member where the path leads into an archive."""
    if kind_of(path) is None:
        for folder in path.parents:
            if kind_of(folder) == "file":
                return real_path(folder), path.relative_to(folder).as_posix()
    return real_path(path), ""


def state_of(path: Path) -> tuple[int, int]:
    """Give the size of a file and when it was changed; zeros when it cannot be looked up."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def split_line(line: str, delimiter: str) -> tuple[str, ...] | None:
    """Cut one physical line into cells; None when it is not a whole record."""
    try:
        records = list(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return tuple(records[0]) if len(records) == 1 else None


def open_sheet(name: str, path: Path, origin: Origin | None = None) -> Sheet:
    """Look at the beginning of a file.

    Raises InputError for a missing, empty, binary or cut-off file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            sample = file.read(SAMPLE)
    except FileNotFoundError as error:
        raise InputError(name, "there is no such file", _advice_on(name, path)) from error
    except OSError as error:
        raise unopened(name, error) from error
    if not sample.strip():
        raise InputError(name, "the file is empty", "Export it again")
    _refuse_binary(name, sample)
    encoding, start = _encoding(name, sample)
    origin = origin or Origin(real_path(path))
    if encoding == "utf-8" and not start and (page := code_page(sample)):
        encoding, origin = (
            page,
            origin._replace(note=f"it is not UTF-8 text and was read as {page}"),
        )
    if encoding.startswith("utf-16") and (size - start) % 2:
        reason = "it ends in the middle of a character: the download was cut off"
        raise InputError(name, reason, "Export it again")
    text = _decode(name, sample[start:], encoding, whole=size <= SAMPLE)
    lines = tuple(io.StringIO(text, newline=""))
    return Sheet(name, path, encoding, start, lines, size, origin)


def _advice_on(name: str, path: Path) -> str:
    """Say what to give instead of a missing file; a name may be a keyword."""
    near = _similar_name(path)
    check = f"Did you mean {near}?" if near else "Check the path."
    if any(mark in name for mark in "./\\"):
        return check.removesuffix(".")
    return (
        f"{check} If it is a keyword, name its SERP export instead, or get one: "
        f'gapcalc fetch "{name}" --provider NAME'
    )


def _similar_name(path: Path) -> str | None:
    """Give the name in the same folder that may have been meant; a like ending proves nothing."""
    from difflib import get_close_matches

    try:
        beside = {i.stem: i.name for i in islice(path.parent.iterdir(), _MOST_NAMES)}
    except OSError:
        return None
    near = get_close_matches(path.stem, beside, n=1, cutoff=_SIMILAR)
    return beside[near[0]] if near else None


def _refuse_binary(name: str, sample: bytes) -> None:
    for signature, reason, advice in _SIGNATURES:
        if sample.startswith(signature):
            raise InputError(name, reason, advice)
    if b"<" in sample and re.match(_HTML, sample.replace(b"\0", b"")):
        raise InputError(
            name,
            "it is an HTML page or table, whatever its name says",
            "Open it in a spreadsheet program and save it as CSV or XLSX",
        )


def _encoding(name: str, sample: bytes) -> tuple[Encoding, int]:
    if sample.startswith(_UTF_32):
        raise InputError(name, "it is UTF-32 text", "Save it as UTF-8")
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding, len(mark)
    head = sample[:4096]
    if b"\0" not in head:
        return "utf-8", 0
    # UTF-16 of Latin letters has NUL as every second byte but no NUL character. Binary files with
    # short numbers have both.
    for encoding, first in _HIGH_BYTES:
        high = head[first::2]
        if high.count(0) > len(head) * 0.3 and "\0" not in head.decode(encoding, "replace"):
            return encoding, 0
    raise InputError(name, "it is binary data, not text", "Give a CSV or TSV export")


_VALID = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_HIGH = rb"[\x80-\xff]+"
_WORDS = rb"[\xa8\xb8\xc0-\xff]{3,}"
_POLISH = rb"[A-Za-z][\xa3\xb3\xb9\xbf\xa5\x8c\x9c\x8f\x9f][A-Za-z]"
_KANA = "[\u3040-\u30ff]"
_KANJI = rb"(?:[\x81-\x9f][\x40-\x7e\x80-\xfc]){2,}"
_HALF_WIDTH = "[\uff61-\uff9f]"


def code_page(sample: bytes) -> Encoding | None:
    """Guess the code page of text that is not UTF-8; None if it is UTF-8, or if nothing proves one.

    UTF-8 with a few broken bytes stays UTF-8. Whole words of letters beyond ASCII mean an Asian or
    Cyrillic code page. A single such letter among Latin letters means the Western one, or the
    Polish one where the Western one has a sign.
    """
    if sample.isascii() or _may_be_utf8(sample):
        return None
    return _chinese_or_korean(sample) or _japanese_or_european(sample)


def _japanese_or_european(sample: bytes) -> Encoding | None:
    whole = sample[:-4] if len(sample) == SAMPLE else sample
    broken = re.findall(_HIGH, re.sub(_VALID, b"", whole))
    if not broken or len(re.findall(_VALID, sample)) > len(broken):
        return None
    if _is_japanese(sample):
        return "cp932"
    in_words = sum(map(len, re.findall(_WORDS, sample)))
    if in_words * 2 > sum(map(len, broken)):
        return "cp1251"
    if re.search(_POLISH, sample):
        return "cp1250"
    return "cp1252" if _decodes(sample, "cp1252") else None


def _is_japanese(sample: bytes) -> bool:
    """Say whether text is in code page 932: it has kana, or words of common kanji alone."""
    if not _decodes(sample, "cp932"):
        return False
    text = sample.decode("cp932", "replace")
    if len(re.findall(_KANA, text)) > 1:
        return True
    # A single pair may be a Western letter or quotation mark and the letter after it.
    words = sum(map(len, re.findall(_KANJI, sample)))
    others = len(re.findall(_HIGH, re.sub(_KANJI, b"", sample)))
    return words > others and not re.search(_HALF_WIDTH, text)


_DOUBLE = rb"(?<![\x80-\xff])(?:[\xa1-\xfe]{2})+(?![\x80-\xff])"
_FEWEST_PAIRS = 4
_COMMON, _LAST_HANGUL, _LAST_CHINESE = 0xB0, 0xC8, 0xD7
"""The first byte of common characters, and the last one of Hangul and of common Chinese."""
_CAPITALS = 0xC0


def _chinese_or_korean(sample: bytes) -> Encoding | None:
    """Tell code pages 936 and 949, where a character is two bytes from A1 to FE; None if neither.

    Words of one-byte letters have odd lengths too, and of their letters only the capitals could
    begin a common character: such words have no second byte below C0.
    """
    letters = b"".join(re.findall(_DOUBLE, sample))
    pairs = [pair for pair in zip(letters[::2], letters[1::2], strict=True) if pair[0] >= _COMMON]
    low = sum(second < _CAPITALS for _, second in pairs)
    others = sum(map(len, re.findall(_HIGH, sample))) - len(letters)
    if len(pairs) < _FEWEST_PAIRS or low * 12 < len(pairs) or others * 10 > len(letters):
        return None
    hangul, chinese = (
        sum(first <= last for first, _ in pairs) for last in (_LAST_HANGUL, _LAST_CHINESE)
    )
    if hangul * 10 >= len(pairs) * 9:
        return "cp949"
    return "gbk" if chinese * 10 >= len(pairs) * 8 else None


def _may_be_utf8(sample: bytes) -> bool:
    """Say whether it is UTF-8, which may end in the middle of a character."""
    try:
        getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(sample: bytes, encoding: Encoding) -> bool:
    return first_fault(sample[: sample.rfind(b"\n") + 1], encoding) is None


def first_fault(data: bytes, encoding: Encoding) -> int | None:
    """Find the first byte that is not text in an encoding; None where all of it is."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _decode(name: str, data: bytes, encoding: Encoding, *, whole: bool) -> str:
    text = data.decode(encoding, errors="replace")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    if "\ufffd" not in text:
        return text
    lines = text.split("\n")
    bad = [number for number, line in enumerate(lines, start=1) if "\ufffd" in line]
    # The last bytes may be the beginning of a character.
    fault = first_fault(data[:-4], "utf-8")
    is_other = fault is not None and fault < len(data) - 8
    if encoding == "utf-8" and len(bad) > max(3, len(lines) // 20) and is_other:
        reason = f"it is not UTF-8 text (line {bad[0]} is the first of {len(bad)} that show it)"
        raise InputError(name, reason, "Save it as UTF-8 CSV, or export it again", bad[0])
    return text
