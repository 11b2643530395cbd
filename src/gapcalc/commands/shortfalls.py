"""Finds the link files that hold clearly fewer domains than their vendor counts for a page."""

from collections.abc import Iterator, Mapping, Sequence

from gapcalc.analyses.measure import is_clearly_fewer
from gapcalc.results import KeywordResult, Page, TargetPage
from gapcalc.rows import LinkCounts, LinkFile
from gapcalc.words import UNNAMED


def find_short_files(keywords: Sequence[KeywordResult], counts: LinkCounts) -> dict[int, str]:
    """Say of each such file, by the number of its input, what it lacks."""
    files = {file.input: file for file in counts.files}
    # These are the rules the answers were worked out under, so that nothing is counted anew.
    links = counts.count({rule for file in counts.files for rule in file.rules})
    short: dict[int, dict[str, str]] = {}
    for page in _short_pages(keywords):
        for number in links[page.page or ""].inputs:
            if _is_of(page.total_vendor, files[number]):
                short.setdefault(number, {})[page.page or ""] = _said(page)
    return {number: _first(pages) for number, pages in short.items()}


def lacking(files: Sequence[LinkFile], short: Mapping[int, str]) -> tuple[LinkFile, ...]:
    """Tell of files what they lack, where nothing tells yet why they are cut off."""
    return tuple(file._replace(short=None if file.cut else short.get(file.input)) for file in files)


def _short_pages(keywords: Sequence[KeywordResult]) -> Iterator[Page | TargetPage]:
    for answer in keywords:
        pages: list[Page | TargetPage] = [*answer.pages]
        pages += [answer.target_page] if answer.target_page else []
        for page in pages:
            total = page.vendor_total
            if page.complete is False and total and is_clearly_fewer(_listed(page), total):
                yield page


def _listed(page: Page | TargetPage) -> int:
    own = (page.by_vendor or {}).get(page.total_vendor or "")
    return own.raw if own else page.listed or 0


def _is_of(vendor: str | None, file: LinkFile) -> bool:
    return vendor is None or file.vendor in {vendor, UNNAMED}


def _said(page: Page | TargetPage) -> str:
    return (
        f"it holds {_listed(page):,} live domains of {page.page}, and the vendor counts "
        f"{page.vendor_total or 0:,}"
    )


def _first(pages: Mapping[str, str]) -> str:
    more = f" (so with {len(pages) - 1} more pages)" if len(pages) > 1 else ""
    return pages[min(pages)] + more
