"""gapcalc's own CSVs: declared, and written, in one place.

Cells that a spreadsheet would run as a formula get a leading apostrophe, which the reader removes.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping

from gapcalc.formats.base import (
    AHREFS_SCREEN,
    REFERRING_DOMAINS,
    SEMRUSH_SCREEN,
    Column,
    Evidence,
    Export,
    Kind,
)
from gapcalc.formats.cells import (
    COUNT,
    DATE,
    FLAG,
    LOST_FLAG,
    NOFOLLOW,
    RANK,
    SCORE,
    SPONSORED,
    TEXT,
    UGC,
    Cell,
    Value,
)
from gapcalc.formats.numbers import quoted

# Some spreadsheets also run what begins with the full-width forms of these signs.
_STARTS = "[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
FORMULA = f"^'*{_STARTS}"
"""The beginning of a cell that a spreadsheet would run; the pattern works in JavaScript too."""
_SHIELDED = f"^'+{_STARTS}"
OWN_WORKBOOK = "gapcalc"
"""The custom property that marks a workbook as gapcalc's."""
OWN_SHEETS = (
    "Summary",
    "Keywords",
    "Pages",
    "Prospects",
    "Plan",
    "Plan by month",
    "Profile",
    "Links taken out",
    "Method",
)
"""The sheets of gapcalc's workbooks, in their order."""
READABLE_SHEET = "Pages"
"""The sheet that gapcalc can read back: a SERP with the counts of its pages."""
REPLACEMENT = "\ufffd"
"""Written in place of NUL, because readers take a file with NUL for binary data."""


def shield(text: str) -> str:
    """Neutralise a cell that a spreadsheet would run as a formula.

    >>> shield("=1+1"), shield("plain")
    ("'=1+1", 'plain')
    """
    return "'" + text if re.match(FORMULA, text) else text


def shield_sql(text: str, *, csv: bool = True) -> str:
    """Give the SQL of `shield` for an expression of text.

    Outside a CSV no formula runs, so only text that `unshield` would change is shielded.
    """
    pattern = quoted(FORMULA if csv else _SHIELDED)
    return f"case when regexp_matches({text}, {pattern}) then '''' || {text} else {text} end"


def unshield(text: str) -> str:
    """Undo `shield`."""
    return text[1:] if text[:1] == "'" and re.match(_SHIELDED, text) else text


def _unshielded(cell: Cell) -> Cell:
    def sql(column: str) -> str:
        is_shielded = f"regexp_matches({column}, {quoted(_SHIELDED)})"
        return cell.sql(f"(case when {is_shielded} then substr({column}, 2) else {column} end)")

    return Cell(cell.name, lambda text: cell.parse(unshield(text)), sql)


_TEXT = _unshielded(TEXT)

SERP = Export(
    id="gapcalc-serp",
    title="gapcalc SERP CSV",
    vendor=None,
    kind="serp",
    how="write keyword,position,url,referring_domains with any tool",
    evidence=Evidence("own", files="gapcalc's own"),
    columns=(
        Column("keyword", ("keyword",), _TEXT, required=True),
        Column("position", ("position", "pos", "pos.", "rank", "#"), COUNT, required=True),
        Column("url", ("url", "page url", "address", "page"), _TEXT, required=True),
        Column("referring_domains", ("referring_domains", *REFERRING_DOMAINS), COUNT),
        Column("country", ("country",), _TEXT),
        Column("type", ("type",), _TEXT),
        Column("title", ("title",), _TEXT),
        Column("authority", ("authority",), SCORE),
        Column("metric", ("metric",), _TEXT),
        Column("day", ("date",), DATE),
        Column("backlinks", ("backlinks",), COUNT),
        Column("traffic", ("traffic",), COUNT),
        Column("kd", ("kd",), SCORE),
        Column("kd_vendor", ("kd_vendor",), _TEXT),
        Column("volume", ("volume",), COUNT),
        Column("vendor", ("vendor",), _TEXT),
        Column("page_authority", ("page_authority",), SCORE),
    ),
    without=(
        *AHREFS_SCREEN,
        *SEMRUSH_SCREEN,
        "search volume",
        "previous position",
        "difficulty",
        "left_out",
        "referring_domain",
    ),
)

_LINK_FACTS = (
    Column("nofollow", ("nofollow",), FLAG),
    Column("ugc", ("ugc",), FLAG),
    Column("sponsored", ("sponsored",), FLAG),
    Column("nofollow", ("rel",), NOFOLLOW),
    Column("ugc", ("rel",), UGC),
    Column("sponsored", ("rel",), SPONSORED),
    Column("anchor", ("anchor",), _TEXT),
    Column("context_left", ("context",), _TEXT),
    Column("context_right", ("context_right",), _TEXT),
    Column("title", ("title",), _TEXT),
    Column("kind", ("kind",), _TEXT),
    Column("redirects", ("redirects",), _TEXT),
    Column("page_type", ("page_type",), _TEXT),
    Column("spam", ("spam",), FLAG),
    Column("sitewide", ("sitewide",), FLAG),
    Column("authority", ("authority",), SCORE),
    Column("metric", ("metric",), _TEXT),
    Column("rank", ("rank",), RANK),
    Column("page_authority", ("page_authority",), SCORE),
    Column("domain_traffic", ("domain_traffic",), COUNT),
    Column("page_traffic", ("page_traffic",), COUNT),
    Column("external_links", ("external_links",), COUNT),
    Column("language", ("language",), _TEXT),
    Column("links", ("links",), COUNT),
    Column("ip", ("ip",), _TEXT),
    Column("first_seen", ("first_seen",), DATE),
    Column("last_seen", ("last_seen",), DATE),
    Column("lost", ("lost",), LOST_FLAG),
    Column("vendor", ("vendor",), _TEXT),
)

_SEMRUSH_ANSWER = ("page_ascore", "page_score", "source_title", "lostlink", "external_num")
"""Headings of Semrush's answers that equal gapcalc's for the two pages."""

LINKS = Export(
    id="gapcalc-links",
    title="gapcalc links CSV",
    vendor=None,
    kind="links",
    how="write source_url,target_url,rel,anchor with any tool",
    evidence=Evidence("own", files="gapcalc's own"),
    columns=(
        Column("source_url", ("source_url",), _TEXT, required=True),
        Column("target_url", ("target_url",), _TEXT, required=True),
        *_LINK_FACTS,
    ),
    without=_SEMRUSH_ANSWER,
)


DOMAINS = Export(
    id="gapcalc-domains",
    title="gapcalc referring domains CSV",
    vendor=None,
    kind="domains",
    how="write source_domain,target_url,links with any tool, a row for each domain",
    evidence=Evidence("own", files="gapcalc's own"),
    columns=(
        Column("source_domain", ("source_domain",), _TEXT, required=True),
        Column("target_url", ("target_url",), _TEXT),
        *_LINK_FACTS,
    ),
    without=("source_url",),
)

PAGES = Export(
    id="gapcalc-pages",
    title="gapcalc pages CSV",
    vendor=None,
    kind="pages",
    how="write url,referring_domains with any tool",
    evidence=Evidence("own", files="gapcalc's own"),
    columns=(
        Column("url", ("url",), _TEXT, required=True),
        Column("referring_domains", ("referring_domains",), COUNT, required=True),
        Column("title", ("title",), _TEXT),
        Column("authority", ("authority",), SCORE),
        Column("metric", ("metric",), _TEXT),
        Column("page_authority", ("page_authority",), SCORE),
        Column("backlinks", ("backlinks",), COUNT),
        Column("traffic", ("traffic",), COUNT),
        Column("vendor", ("vendor",), _TEXT),
    ),
    without=("keyword", "position", "pos", "pos.", "rank"),
)

KEYWORDS = Export(
    id="gapcalc-keywords",
    title="gapcalc keywords CSV",
    vendor=None,
    kind="keywords",
    how="write keyword,kd,kd_vendor with any tool",
    evidence=Evidence("own", files="gapcalc's own"),
    columns=(
        Column("keyword", ("keyword",), _TEXT, required=True),
        Column("kd", ("kd",), SCORE, required=True),
        Column("country", ("country",), _TEXT),
        Column("kd_vendor", ("kd_vendor",), _TEXT),
        Column("vendor", ("vendor",), _TEXT),
    ),
    # Headings of tools whose difficulty is not Ahrefs KD: such a list is not in gapcalc's format.
    without=(
        "url",
        "position",
        "current position",
        "volume",
        "search volume",
        "cpc",
        "ppc",
        "difficulty",
        "kd %",
    ),
)

OWN = (SERP, LINKS, DOMAINS, PAGES, KEYWORDS)


def own_export(kind: Kind) -> Export:
    """Give gapcalc's own format for a kind of rows."""
    return next(export for export in OWN if export.kind == kind)


def write(export: Export, rows: Iterable[Mapping[str, Value]], fields: Collection[str] = ()) -> str:
    """Write rows as one of gapcalc's own CSVs; reading the text gives the same rows.

    Required columns and those of `fields` are always written, others when any row has a value for
    them.
    """
    rows = list(rows)
    headings = {
        column.field: column.headings[0]
        for column in reversed(export.columns)
        if column.required
        or column.field in fields
        or any(row.get(column.field) is not None for row in rows)
    }
    written = [f for f in dict.fromkeys(c.field for c in export.columns) if f in headings]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings[field] for field in written)
    writer.writerows([_write_cell(row.get(field)) for field in written] for row in rows)
    return text.getvalue()


def _write_cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return shield(value.replace("\0", REPLACEMENT))
        case float():
            from decimal import Decimal

            return format(Decimal(str(value)), "f").removesuffix(".0")
        case _:
            return str(value)
