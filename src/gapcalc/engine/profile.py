"""Profiles of link lists: what the domains that link to some pages have in common.

A subject is a page, or all pages of a site; each has a number. The own list and rivals' lists are
subjects of the same statements.

    judged_link, subject -> subject_link -> live_link_of -> live_domain
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from gapcalc.connection import Row, Values
from gapcalc.engine.kept import LOST_ON
from gapcalc.engine.schema import KEPT
from gapcalc.linkfacts import LinkFates, ListFacts, Tally

FIELDS = (
    "anchor",
    "kind",
    "language",
    "ugc",
    "sponsored",
    "spam",
    "authority",
    "domain_traffic",
    "external_links",
    "links",
    "source_url",
    "target_url",
    "first_seen",
    LOST_ON,
)
"""The link columns that a profile needs."""

BANDS: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "authority": ("authority", (0, 10, 20, 40, 60, 80)),
    "traffic": ("domain_traffic", (0, 1, 100, 1_000, 10_000, 100_000)),
}
"""What is put into bands: its column, and where each band begins."""

_SUBJECT_LINK = """
with subject as (
    -- A page of a subject.
    select id as page_id, page, subject
    from (select unnest($pages) as page, unnest($subjects) as subject) join page using (page)
),
subject_link as (
    select * from judged_link({rules}) join subject using (page_id)
),
live_link_of as (
    select * from subject_link where failed is not null
)"""

_LIVE_DOMAIN = f"""{_SUBJECT_LINK},
live_domain as (
    -- A mark is true for a domain if any of its links has it, false if every link lacks it, and
    -- NULL if some links do not tell.
    select subject, domain, best_link(failed, followed) as best,
        {{marks}}
    from live_link_of group by all
)
"""

_MARKS = ("followed", "ugc", "sponsored", "spam")

_TALLIES = """
select subject, count(*), count(*) filter (best >= {kept}),
    {marks}
from live_domain group by subject order by subject
"""

_DROPPED_DOMAINS = f"""
select subject, best, count(*) from live_domain where best < {KEPT} group by all order by all
"""

_LINK_FATES = f"""{_SUBJECT_LINK}
select subject, failed & -failed, internal, count(*) from subject_link group by all order by all
"""

# The month in which each domain was new; if all its links are lost, also the month of loss.
_MONTHS = f"""{_SUBJECT_LINK},
domain_life as (
    select subject, domain, min(first_seen) as first_seen, count(failed) = 0 as is_lost,
        max({LOST_ON}) as lost_on
    from subject_link where not internal group by all
)
select subject, strftime(first_seen, '%Y-%m'), is_lost,
    case when is_lost then strftime(lost_on, '%Y-%m') end, count(*)
from domain_life group by all order by all
"""

_KINDS = f"""{_SUBJECT_LINK},
named as (
    select subject, domain, nullif(trim(lower(kind)), '') as name from live_link_of
)
select subject, name, count(distinct domain) from named where name is not null
group by grouping sets ((subject, name), (subject)) order by all
"""

# A cell may hold several languages, and a language a country: de-AT.
_LANGUAGES = f"""{_SUBJECT_LINK},
written as (
    select distinct subject, domain,
        unnest(regexp_extract_all(lower(language), '\\pL[\\pL() _-]*')) as written
    from live_link_of where language <> ''
),
named as (
    select subject, domain,
        trim(regexp_replace(written, '^([a-z]{{2,3}})[_-].*', '\\1')) as name
    from written
)
select subject, name, count(distinct domain) from named
group by grouping sets ((subject, name), (subject)) order by all
"""

# Where the links of one domain have several scores of a vendor, the highest counts.
_BANDED = f"""{_SUBJECT_LINK},
scored as (
    select subject, domain, vendor, max({{column}}) as score from live_link_of
    where {{column}} is not null group by all
)
select subject, vendor, {{band}}, count(*) from scored group by all order by all
"""

_MANY_LINKS = f"""{_SUBJECT_LINK},
vendor_domain as (
    select subject, domain, vendor, sum(links)::bigint as links from live_link_of group by all
)
select subject, domain, max(links) as most from vendor_domain group by all having most >= $many
order by subject, most desc, domain
"""

_OUTBOUND = f"""{_SUBJECT_LINK},
source_page as (
    select subject, source_url, max(external_links) as links from live_link_of
    where source_url <> '' and external_links is not null group by all
)
select subject, count(*) filter (links > $most), count(*) from source_page group by all order by all
"""

_TEXTS = f"""{_SUBJECT_LINK}
select distinct subject, domain, anchor from live_link_of where anchor is not null order by all
"""

_LINKS = f"""{_SUBJECT_LINK}
select coalesce(nullif(source_url, ''), domain), coalesce(nullif(target_url, ''), page), domain,
    internal, failed & -failed, anchor, vendor
from subject_link order by all
"""

_HARMFUL_DOMAINS = f"""{_SUBJECT_LINK}
select domain, max(failed & -failed), count(*) from live_link_of
group by domain having min(failed) > 0 order by domain
"""


class Asked(Protocol):
    """Answers queries about judged links, such as ``engine.count.Counts``."""

    def query(
        self, statement: str, rules: Collection[str], values: Values | None = None
    ) -> list[Row]:
        """Run one query."""
        ...


class Subjects(NamedTuple):
    """The lists to profile: the pages of each, by its number, and the rules they are judged by."""

    counts: Asked
    pages: Sequence[Collection[str]]
    rules: Collection[str]

    def ask(self, statement: str, **values: object) -> list[Row]:
        """Run a query about all subjects."""
        pairs = [
            (page, number) for number, pages in enumerate(self.pages) for page in sorted(pages)
        ]
        known = {"pages": [page for page, _ in pairs], "subjects": [number for _, number in pairs]}
        return self.counts.query(statement, self.rules, {**known, **values})


def profile_lists(
    subjects: Subjects, bits: Mapping[int, str], *, many: int, most_outbound: int
) -> list[ListFacts]:
    """Profile every subject, in their order.

    `bits` names the rules. A domain with `many` live links, or a source page with more than
    `most_outbound` external links, is counted as such.
    """
    marked = _count_marks(subjects)
    dropped = _by_subject(subjects.ask(_live_domains() + _DROPPED_DOMAINS))
    fates = _by_subject(subjects.ask(_LINK_FATES))
    named = {
        "kinds": _by_subject(subjects.ask(_KINDS)),
        "languages": _by_subject(subjects.ask(_LANGUAGES)),
    }
    banded = {group: _by_subject(subjects.ask(_banded(group))) for group in BANDS}
    months = _by_subject(subjects.ask(_MONTHS))
    texts = _by_subject(subjects.ask(_TEXTS))
    sending_many = _by_subject(subjects.ask(_MANY_LINKS, many=many))
    outbound = _by_subject(subjects.ask(_OUTBOUND, most=most_outbound))
    return [
        ListFacts(
            domains=marked[n][0],
            counted=marked[n][1],
            dropped={bits[bit]: count for bit, count in dropped[n]},
            fates=_fates(fates[n], bits),
            marks=marked[n][2],
            named={group: _named(found[n]) for group, found in named.items()},
            banded={group: _banded_by_vendor(found[n]) for group, found in banded.items()},
            lives=tuple(months[n]),
            texts=tuple(texts[n]),
            many_links=tuple(sending_many[n]),
            outbound=Tally(*outbound[n][0]) if outbound[n] else Tally(0, 0),
        )
        for n in range(len(subjects.pages))
    ]


def list_links(subjects: Subjects) -> list[Row]:
    """List every link: source, target, domain, whether internal, bit of its rule, anchor, vendor.

    The bit is 0 where the link is counted, None where it is lost or internal.
    """
    return subjects.ask(_LINKS)


def list_harmful(subjects: Subjects) -> list[Row]:
    """List the domains whose live links all fail a rule: the domain, a bit, its live links."""
    return subjects.ask(_HARMFUL_DOMAINS)


def _live_domains() -> str:
    marks = (
        f"case when bool_or({mark}) then true when count({mark}) = count(*) then false end as {mark}"
        for mark in _MARKS
    )
    return _LIVE_DOMAIN.replace("{marks}", ",\n        ".join(marks))


def _count_marks(subjects: Subjects) -> dict[int, tuple[int, int, dict[str, Tally]]]:
    counts = ", ".join(f"count(*) filter ({mark}), count({mark})" for mark in _MARKS)
    tallies = _TALLIES.replace("{kept}", str(KEPT)).replace("{marks}", counts)
    nothing = (0, 0, dict.fromkeys(_MARKS, Tally(0, 0)))
    found = dict.fromkeys(range(len(subjects.pages)), nothing)
    for number, domains, counted, *figures in subjects.ask(_live_domains() + tallies):
        pairs = zip(figures[::2], figures[1::2], strict=True)
        marks = {mark: Tally(*pair) for mark, pair in zip(_MARKS, pairs, strict=True)}
        found[number] = (domains, counted, marks)
    return found


def _by_subject(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for number, *rest in rows:
        found[number].append(tuple(rest))
    return found


def _fates(rows: Sequence[Row], bits: Mapping[int, str]) -> LinkFates:
    """Add up the links that are live, counted, dropped, lost and internal."""
    internal = sum(count for _, is_internal, count in rows if is_internal)
    lost = sum(count for bit, is_internal, count in rows if bit is None and not is_internal)
    live = {bit: count for bit, _, count in rows if bit is not None}
    dropped = {bits[bit]: count for bit, count in live.items() if bit}
    return LinkFates(sum(live.values()), live.get(0, 0), dropped, lost, internal)


def _named(rows: Sequence[Row]) -> dict[str, Tally]:
    """Count the domains with each name, and those with any name."""
    known = next((count for name, count in rows if name is None), 0)
    return {name: Tally(count, known) for name, count in rows if name is not None}


def _banded(group: str) -> str:
    column, starts = BANDS[group]
    return _BANDED.replace("{column}", column).replace(
        "{band}", f"case {' '.join(_cases(group, starts))} end"
    )


def _cases(group: str, starts: Sequence[int]) -> Iterator[str]:
    for name, (_, high) in zip(band_names(group), pairwise([*starts, None]), strict=True):
        yield f"else '{name}'" if high is None else f"when score < {high} then '{name}'"


def band_names(group: str) -> list[str]:
    """Name the bands.

    >>> band_names("authority")
    ['0-9', '10-19', '20-39', '40-59', '60-79', '80+']
    """
    _, starts = BANDS[group]
    inner = [f"{low}" if high - low == 1 else f"{low}-{high - 1}" for low, high in pairwise(starts)]
    return [*inner, f"{starts[-1]}+"]


def _banded_by_vendor(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for vendor, band, count in rows:
        found[vendor][band] = count
    return dict(found)
