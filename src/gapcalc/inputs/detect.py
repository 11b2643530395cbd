"""Which export is this? The header alone decides, and exactly one format must claim it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gapcalc.errors import InputError, RefusedFormatError, UnknownFormatError
from gapcalc.formats import EXPORTS
from gapcalc.formats.base import About, Export, LookAlike, plain_heading
from gapcalc.formats.lookalikes import LOOK_ALIKES
from gapcalc.inputs.manifest import ManifestEntry
from gapcalc.inputs.sheet import Sheet

_SHOWN_HEADINGS = 8
_LONGEST_HEADING = 40


class Source(NamedTuple):
    """A file whose format is known: where its header stands, and how its rows are cut.

    `manifest_entry` is what a manifest beside it tells of it.
    """

    sheet: Sheet
    export: Export
    header_line: int
    delimiter: str
    header: tuple[str, ...]
    manifest_entry: ManifestEntry | None = None

    @property
    def plain_header(self) -> tuple[str, ...]:
        """The header's headings, written the one way."""
        return _plain(self.header)

    @property
    def about(self) -> About:
        """What the file says of itself above its rows, or a manifest says in its place."""
        about = self.export.about(self.sheet.lines[: self.header_line - 1], self.header)
        return (
            about._replace(site=self.manifest_entry.site)
            if self.manifest_entry and self.manifest_entry.site
            else about
        )

    @property
    def has_rows(self) -> bool:
        """Say whether anything follows the header."""
        below = self.sheet.lines[self.header_line :]
        return any(line.strip() for line in below) or self._goes_on()

    def _goes_on(self) -> bool:
        return self.sheet.size > sum(len(line.encode()) for line in self.sheet.lines) * 4


def detect(sheet: Sheet) -> Source:
    """Find the one export that claims a line of the sheet as its header.

    Raises RefusedFormatError for a known look-alike, UnknownFormatError when none or several
    claim it; the message says what was found and what is nearest.
    """
    for number, delimiter, cells in sheet.header_candidates():
        claims, alike = claimants(_plain(cells))
        if claims:
            return _accepted(Source(sheet, _only(sheet, claims), number, delimiter, cells))
        if alike:
            raise _refusal(sheet, alike[0])
    raise _unknown(sheet)


def _accepted(source: Source) -> Source:
    reason = source.about.refused
    if reason is not None:
        raise RefusedFormatError(
            source.sheet.name,
            f"this is {source.export.title}: {reason}",
            f"Export it so: {source.export.how}",
        )
    return source


@lru_cache
def _plain(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Write headings the one way; the files of one folder mostly have the same ones."""
    return tuple(map(plain_heading, cells))


@lru_cache
def claimants(header: tuple[str, ...]) -> tuple[tuple[Export, ...], tuple[LookAlike, ...]]:
    """Give every export and every look-alike that claims a header of plain headings."""
    exports = tuple(export for export in EXPORTS if export.claims(header))
    return exports, tuple(look for look in LOOK_ALIKES if look.claims(header))


def _only(sheet: Sheet, claims: Sequence[Export]) -> Export:
    if len(claims) == 1:
        return claims[0]
    titles = " and ".join(export.title for export in claims)
    raise UnknownFormatError(
        sheet.name,
        f"its header fits more than one format: {titles}",
        "Delete the columns of the other one, or export the file again",
    )


def _refusal(sheet: Sheet, look: LookAlike) -> InputError:
    return RefusedFormatError(sheet.name, f"this is {look.title}: {look.reason}", look.advice)


def _unknown(sheet: Sheet) -> InputError:
    best = max(
        sheet.header_candidates(),
        key=lambda candidate: (_nearness(candidate[2]), len(candidate[2]), -candidate[0]),
        default=None,
    )
    if best is None:
        return UnknownFormatError(sheet.name, "it has no header", "Give an export with headings")
    headings = [shorten(cell.strip()) for cell in best[2]]
    shown = ", ".join(headings[:_SHOWN_HEADINGS])
    more = f" and {len(headings) - _SHOWN_HEADINGS} more" if len(headings) > _SHOWN_HEADINGS else ""
    return UnknownFormatError(
        sheet.name,
        f"no reader knows its header (found: {shown}{more})",
        _nearest_advice(best[2]),
    )


def shorten(text: str) -> str:
    """Cut a stranger's text short: a message is no place for all of it."""
    return text if len(text) <= _LONGEST_HEADING else text[: _LONGEST_HEADING - 1] + "…"


def _nearness(cells: Sequence[str]) -> int:
    return max(_shared(export, tuple(map(plain_heading, cells))) for export in EXPORTS)


def _shared(export: Export, header: Sequence[str]) -> int:
    return len(export.places(header)) - len(export.missing(header))


def _nearest_advice(cells: Sequence[str]) -> str:
    header = tuple(map(plain_heading, cells))
    nearest = max(EXPORTS, key=lambda export: _shared(export, header))
    missing = nearest.missing(header)
    if _shared(nearest, header) > 0 and missing:
        return f"Nearest is {nearest.title}, which also needs: {', '.join(missing)}"
    return (
        "Run gapcalc formats to see what is read, or give a CSV with "
        "keyword,position,url,referring_domains"
    )
