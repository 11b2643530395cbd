"""Writes what is in the cache as files: SERPs and counts in our own form, links in the vendor's."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from gapcalc import __version__
from gapcalc.commands.fetch.estimate import Estimate
from gapcalc.commands.fetch.folder import MADE_BY, slug
from gapcalc.commands.fetch.lists import write_list
from gapcalc.commands.fetch.order import Order, find_pages, read_ranked
from gapcalc.commands.fetch.run import Run
from gapcalc.formats import own
from gapcalc.formats.base import Export
from gapcalc.formats.cells import Value
from gapcalc.inputs.manifest import NAME, ManifestEntry, write_manifest
from gapcalc.providers.steps import Count
from gapcalc.urls import page_of


def write_files(
    order: Order, run: Run, known: Estimate, now: float, folder: Path
) -> tuple[str, ...]:
    """Write every file, the manifest last, and give their names; all answers are in the cache."""
    session = run.session
    pages = find_pages(order, session)
    counts, _ = session.look_up(session.provider.counts, pages.urls)
    domains = {page_of(url): count.domains for url, count in counts.items()}
    told: dict[str, ManifestEntry] = {}
    for keyword in order.keywords:
        rows = list(_serp_rows(order, run, keyword, domains))
        if rows:
            name = f"serp-{slug(keyword)}.csv"
            _write(folder / name, own.SERP, rows)
            told[name] = ManifestEntry()
    if pages.own is not None and counts[pages.own].domains is not None:
        _write(folder / "own-page.csv", own.PAGES, [_own_row(pages.own, counts, run)])
        told["own-page.csv"] = ManifestEntry()
    if order.depth == "links":
        for url in pages.urls:
            name = f"links-{slug(url)}.csv"
            told[name] = write_list(order, session, url, counts[url], folder / name)
    about = _about(order, run, known, now)
    text = write_manifest(told, f"{MADE_BY} {__version__}", about)
    (folder / NAME).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return (*told, NAME)


def _write(path: Path, export: Export, rows: list[Mapping[str, Value]]) -> None:
    text = own.write(export, rows)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _serp_rows(
    order: Order, run: Run, keyword: str, domains: Mapping[str | None, int | None]
) -> Iterator[Mapping[str, Value]]:
    provider = run.session.provider
    kd = None
    if provider.difficulty is not None:
        kd = run.session.look_up(provider.difficulty, [keyword])[0].get(keyword)
    answer = run.session.get(provider.serp.ask(keyword))
    for ranked, page, _ in read_ranked(provider.serp, answer):
        yield {
            "keyword": keyword,
            "position": ranked.position,
            "url": ranked.url,
            "referring_domains": domains.get(page),
            "country": order.country,
            "type": ranked.kind,
            "title": ranked.title,
            "authority": ranked.authority,
            "metric": None if ranked.authority is None else provider.serp.metric,
            "kd": kd,
            "kd_vendor": None if kd is None else provider.name,
            "vendor": provider.name,
        }


def _own_row(url: str, counts: Mapping[str, Count], run: Run) -> Mapping[str, Value]:
    return {
        "url": url,
        "referring_domains": counts[url].domains,
        "vendor": run.session.provider.name,
    }


def _about(order: Order, run: Run, known: Estimate, now: float) -> dict[str, object]:
    target, unit, ledger = order.question.target, known.unit, run.ledger
    return {
        "provider": run.session.provider.name,
        "made_at": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        "parameters": {
            "keywords": list(order.keywords),
            "country": order.country,
            "target": None if target is None else target.url,
            "top": order.question.top,
            "depth": order.depth,
            "max_rows": order.max_rows,
            "one_per_domain": order.one_per_domain,
            "steps": {step.step: step.via for step in known.steps},
        },
        "units": {
            "unit": unit.name,
            "estimated": unit.write(known.units),
            "spent": unit.write(ledger.total),
            "lost": unit.write(ledger.lost),
        },
    }
