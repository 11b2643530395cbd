"""Turns what the user asks into a question: words become pages, domains, rules, numbers."""

from collections.abc import Sequence

from gapcalc import rules
from gapcalc.analyses.question import Question, Target
from gapcalc.errors import UsageError
from gapcalc.rules.base import ActiveRule, Parameter
from gapcalc.scale import read_kd, read_scale
from gapcalc.settings import Settings
from gapcalc.suffixes import SuffixRules, default_rules, load_rules
from gapcalc.urls import host_of, is_home, page_of


def suffixes_for(settings: Settings) -> SuffixRules:
    private = not settings.icann_suffixes
    return (
        load_rules(settings.psl, private=private)
        if settings.psl
        else default_rules(private=private)
    )


def active_rules(settings: Settings) -> tuple[ActiveRule, ...]:
    """Give the rules in effect; raises UsageError for a name that is none."""
    return rules.choose(
        settings.profile, _parameters(settings), on=settings.rule, off=settings.no_rule
    )


def _parameters(settings: Settings) -> dict[str, Parameter]:
    names = {name for rule in rules.RULES for name in rule.given}
    values = {name: getattr(settings, name) for name in names}
    given = {name: value for name, value in values.items() if value not in (None, ())}
    if settings.block_domains is not None:
        given["block_domains"] = str(settings.block_domains)
    return given


def make_question(
    settings: Settings, suffixes: SuffixRules, active: Sequence[ActiveRule]
) -> Question:
    excluded = {text: _page_and_domain(text, "--exclude", suffixes)[0] for text in settings.exclude}
    hosts = frozenset(page for text, page in excluded.items() if "/" not in text)
    return Question(
        scale=read_scale(settings.kd_scale),
        target=_target(settings, suffixes),
        site=_site(settings, suffixes),
        competitors=tuple(
            (url, *_page_and_domain(url, "--competitor", suffixes)) for url in settings.competitor
        ),
        top=settings.top,
        tolerance=settings.tolerance,
        own_rds=settings.own_rds,
        kd=read_kd(settings.kd),
        basis=settings.basis,
        drop=frozenset(settings.drop),
        exclude_pages=frozenset(excluded.values()) - hosts,
        exclude_hosts=hosts,
        pace=settings.pace,
        competitive=settings.competitive,
        price=settings.price,
        horizon=settings.horizon,
        rules=tuple(rule.id for rule in active),
        sensitivity=settings.sensitivity,
        list_domains=settings.by_vendor or settings.rows == "domains",
    )


def _target(settings: Settings, suffixes: SuffixRules) -> Target | None:
    if settings.target is None:
        return None
    for option in ("site", "targets"):
        if getattr(settings, option) is not None:
            raise UsageError(
                f"--target names one page for every keyword, and --{option} a page for each. Leave "
                "one of them out"
            )
    return make_target(settings.target, "--target", suffixes)


def _site(settings: Settings, suffixes: SuffixRules) -> Target | None:
    if settings.site is None:
        return None
    site = make_target(settings.site.removesuffix("/"), "--site", suffixes)
    if not is_home(site.page):
        raise UsageError(f"--site {settings.site}: this is one page. Write a domain: example.com")
    return site


def make_target(url: str, option: str, suffixes: SuffixRules) -> Target:
    """Make a target page of a URL, or of the name of a site; raises UsageError."""
    page, domain = _page_and_domain(url, option, suffixes)
    return Target(url, page, domain, is_site=not set("/?") & set(url.strip()))


def _page_and_domain(url: str, option: str, suffixes: SuffixRules) -> tuple[str, str]:
    page, host = page_of(url), host_of(url)
    if page is None or host is None:
        what, example = "a URL", "https://example.com/page/"
        if option == "--site":
            what, example = "a domain", "example.com"
        if option == "--exclude":
            what, example = "a domain or URL", f"example.com or {example}"
        raise UsageError(f"{option} {url!r} is not {what}; write it as {example}")
    return page, suffixes.domain(host)
