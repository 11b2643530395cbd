"""Finds the lists for an audit: that of your page or site, and those to compare it with."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.analyses.candidates import is_of_host, settle_target
from gapcalc.analyses.measure import Measured, measure
from gapcalc.analyses.question import Serp, Target
from gapcalc.commands.prepare import Job
from gapcalc.errors import InputError, UsageError
from gapcalc.results.shared import Bound
from gapcalc.rows import LinkFile, PageLinks
from gapcalc.urls import host_of_page, page_of

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts

_MOST_OUTBOUND = 500


class LinkList(NamedTuple):
    """A list to profile: whose it is, the pages it is of, and the files that show their links."""

    url: str
    domain: str
    pages: Collection[str]
    files: Sequence[LinkFile]


class Lists(NamedTuple):
    """The own list and those that it is compared with; `bound` is that of its number of domains."""

    own: LinkList
    rivals: Sequence[LinkList]
    complete: bool | None
    bound: Bound | None


class Asking(NamedTuple):
    """A prepared question with the counted links."""

    job: Job
    serp: Serp
    target: Target
    counts: "Counts"

    @property
    def rules(self) -> dict[int, str]:
        """The rules in effect, by their bits."""
        return {active.bit: active.id for active in self.job.active}

    @property
    def most_outbound(self) -> int:
        """The external links from which on a source page is said to have too many."""
        given = [a.parameters["max_outbound"] for a in self.job.active if a.id == "outbound"]
        return next((most for most in given if isinstance(most, int)), _MOST_OUTBOUND)


def bind_to_site(job: Job) -> Job:
    """Bind files of a whole site, which name no pages, to its home page."""
    bound = dict(job.bound)
    for number, item in job.link_sources:
        # It may be said in words: the whole site example.com.
        page = page_of(item.facts.site.rpartition(" ")[2]) if item.facts.site else None
        if page and number not in bound and "target_url" not in item.places:
            bound[number] = page
    return job._replace(bound=bound)


def find_page(asking: Asking) -> Lists:
    """Find the list of the target page, and those of the comparable pages.

    Raises GapcalcError where the target page has none.
    """
    question = settle_target(asking.serp, asking.counts, asking.job.question)
    table = measure(asking.serp, asking.counts, question)
    own = table.own
    if own is None or own.links is None or own.unlisted:
        raise _no_list(asking)
    return Lists(
        _list_of(asking, own, own.links),
        [_list_of(asking, page, page.links) for page in table.comparable if page.links],
        own.wholeness.complete,
        own.wholeness.bound(own.links.raw).bound,
    )


def _list_of(asking: Asking, page: Measured, links: PageLinks) -> LinkList:
    files = [file for file in asking.counts.files if file.input in links.inputs]
    return LinkList(page.candidate.url, page.candidate.domain, (links.page,), files)


def find_site(asking: Asking) -> Lists:
    """Find the list of every page of the target site, and those of the sites named to compare.

    Raises GapcalcError where the target site has none.
    """
    own = _site(asking, asking.target.url, asking.target.page, asking.target.domain)
    if own is None:
        raise _no_list(asking)
    rivals = []
    for url, page, domain in asking.job.question.competitors:
        if set("/?") & set(url.strip()):
            raise UsageError(
                f"--competitor {url} is a page, and --target is a whole site. Name sites to compare "
                "with, as example.com"
            )
        rivals.append(_site(asking, url, page, domain))
    cut = any(file.cut for file in own.files)
    whole = all(file.complete for file in own.files)
    return Lists(
        own,
        [rival for rival in rivals if rival],
        False if cut else whole or None,
        "at least" if cut else "exact",
    )


def _site(asking: Asking, url: str, page: str, domain: str) -> LinkList | None:
    host = host_of_page(page)
    links = [
        links
        for links in asking.counts.count(frozenset()).values()
        if is_of_host(links.page, host) and not links.is_unknown
    ]
    inputs = {number for found in links for number in found.inputs}
    files = [file for file in asking.counts.files if file.input in inputs]
    return LinkList(url, domain, [found.page for found in links], files) if links else None


def _no_list(asking: Asking) -> UsageError | InputError:
    """Say why there is nothing to audit."""
    target = asking.target
    for file in asking.counts.files:
        if file.hides_lost:
            lost = next(column for column in file.unread if column.field == "lost")
            return InputError(
                asking.job.found[file.input].name,
                f"{lost}, so nothing tells which of its links are lost",
                "Write its flags as true and false",
            )
    return UsageError(
        f"none of the inputs has links to {target.url}. {how_to_export(target)}, or bind a list "
        f"that names no page with --links-for {target.url}=FILE"
    )


def how_to_export(target: Target) -> str:
    """Say which list to export for the target."""
    scope = "all its pages" if target.is_site else "the exact URL"
    return f"Export the backlinks of {target.url} ({scope}) and name the file"
