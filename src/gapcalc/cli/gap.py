"""The command `gap`: how many referring domains does my page lack for this keyword?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from gapcalc.cli import fetch_options as of
from gapcalc.reports import FORMATS
from gapcalc.words import Basis, Profile

_PAGES, _ANSWER, _RULES, _OUTPUT = "Which pages", "The answer", "Quality rules", "Output"


def _option(panel: str, text: str, **more: Any) -> Any:  # noqa: ANN401  (typer's own types are that wide)
    return typer.Option(help=text, rich_help_panel=panel, **more)


def _flag(*names_and_text: str, count: bool = False) -> Any:  # noqa: ANN401  (as above)
    *names, text = names_and_text
    return typer.Option(*names, help=text, rich_help_panel=_OUTPUT, show_default=False, count=count)


def gap(
    context: typer.Context,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT...", help="Files, folders, globs, or - for standard input."),
    ] = None,
    *,
    target: Annotated[str | None, _option(_PAGES, "Your own page.", metavar="URL")] = None,
    own_rds: Annotated[
        int | None, _option(_PAGES, "Your page's count, when no file has it.", min=0, metavar="N")
    ] = None,
    keyword: Annotated[
        str | None, _option(_PAGES, "The keyword to show, or the name of one that has none.")
    ] = None,
    top: Annotated[
        int | None,
        _option(_PAGES, "Compare with results down to this position. (default: 10)", min=1),
    ] = None,
    competitor: Annotated[
        list[str] | None, _option(_PAGES, "A page to compare with; may be repeated.", metavar="URL")
    ] = None,
    links_for: Annotated[
        list[str] | None,
        _option(_PAGES, "The page that a link file without targets is of.", metavar="URL=FILE"),
    ] = None,
    drop: Annotated[
        str | None, _option(_PAGES, "Leave out: platform, homepage, duplicate-domain.")
    ] = None,
    exclude: Annotated[
        list[str] | None, _option(_PAGES, "A domain or page to leave out.", metavar="DOMAIN|URL")
    ] = None,
    icann_suffixes: Annotated[
        bool | None, _option(_PAGES, "Count hosts of blogspot.com and the like as one domain.")
    ] = None,
    psl: Annotated[Path | None, _option(_PAGES, "A Public Suffix List to use instead.")] = None,
    basis: Annotated[Basis | None, _option(_ANSWER, "Force the basis of the answer.")] = None,
    kd: Annotated[
        str | None, _option(_ANSWER, "The keyword's Ahrefs KD, when no input has it.", metavar="N")
    ] = None,
    kd_scale: Annotated[Path | None, _option(_ANSWER, "A KD scale to use instead (TOML).")] = None,
    tolerance: Annotated[
        float | None,
        _option(
            _ANSWER, "The competitive range starts this share below. (default: 0.25)", min=0, max=1
        ),
    ] = None,
    pace: Annotated[
        float | None, _option(_ANSWER, "New referring domains a month for this page.", min=0.1)
    ] = None,
    competitive: Annotated[
        bool | None, _option(_ANSWER, "Plan with the pace of competitive verticals.")
    ] = None,
    horizon: Annotated[
        int | None,
        _option(_ANSWER, "Months after which a gap is out of reach. (default: 24)", min=1),
    ] = None,
    sensitivity: Annotated[
        bool | None, _option(_ANSWER, "Recompute with each rule switched off in turn.")
    ] = None,
    by_vendor: Annotated[
        bool | None,
        _option(_ANSWER, "Show what each vendor's links alone say, and who knows what."),
    ] = None,
    fail_over: Annotated[
        int | None, _option(_ANSWER, "Exit 1 if a gap exceeds this, 4 if one is unknown.", min=0)
    ] = None,
    allow_unknown: Annotated[
        bool | None, _option(_ANSWER, "An unknown gap does not fail --fail-over.")
    ] = None,
    fail_unknown: Annotated[
        bool | None, _option(_ANSWER, "Exit 4 if there is too little data for a gap.")
    ] = None,
    profile: Annotated[
        Profile | None, _option(_RULES, "The set of rules. (default: balanced)")
    ] = None,
    rule: Annotated[list[str] | None, _option(_RULES, "Switch a rule on; may be repeated.")] = None,
    no_rule: Annotated[
        list[str] | None, _option(_RULES, "Switch a rule off; may be repeated.")
    ] = None,
    min_authority: Annotated[
        int | None, _option(_RULES, "Rule authority: the least score.", min=0, max=100)
    ] = None,
    min_traffic: Annotated[
        int | None, _option(_RULES, "Rule traffic: the least monthly visits.", min=0)
    ] = None,
    max_outbound: Annotated[
        int | None, _option(_RULES, "Rule outbound: the most external links of a page.", min=0)
    ] = None,
    sitewide_links: Annotated[
        int | None, _option(_RULES, "Rule sitewide: links of one domain from which on.", min=1)
    ] = None,
    sitewide_share: Annotated[
        float | None, _option(_RULES, "Rule sitewide: share with one anchor.", min=0, max=1)
    ] = None,
    ugc_patterns: Annotated[
        str | None, _option(_RULES, "Rule ugc: comment, forum, profile (commas between).")
    ] = None,
    block_anchor: Annotated[
        list[str] | None, _option(_RULES, "Rule anchor: a further word; may be repeated.")
    ] = None,
    block_domains: Annotated[
        Path | None, _option(_RULES, "Rule blocklist: a file of domains, one a line.")
    ] = None,
    language: Annotated[
        list[str] | None, _option(_RULES, "Rule language: one to keep; may be repeated.")
    ] = None,
    topic: Annotated[
        list[str] | None, _option(_RULES, "Rule topic: a word of it; may be repeated.")
    ] = None,
    format: Annotated[  # noqa: A002  (the option's name)
        str | None,
        _option(
            _OUTPUT, "The form of the answer. (default: table)", metavar=f"[{'|'.join(FORMATS)}]"
        ),
    ] = None,
    json: Annotated[bool, _flag("--json", "Short for --format json.")] = False,
    output: Annotated[
        Path | None, _option(_OUTPUT, "Write to a file, whole or not at all.")
    ] = None,
    as_of: Annotated[
        str | None,
        _option(_OUTPUT, "The date of the answer. (default: today)", metavar="YYYY-MM-DD"),
    ] = None,
    config: Annotated[
        Path | None, _option(_OUTPUT, "Settings file. (default: gapcalc.toml, found upwards)")
    ] = None,
    memory_limit: Annotated[
        str | None, _option(_OUTPUT, "Memory for counting links. (default: 900MB)", metavar="SIZE")
    ] = None,
    no_color: Annotated[bool, _flag("--no-color", "No colour; NO_COLOR does the same.")] = False,
    quiet: Annotated[bool, _flag("-q", "--quiet", "No messages.")] = False,
    verbose: Annotated[
        int, _flag("-v", "--verbose", "Name formats, list every problem.", count=True)
    ] = 0,
    provider: of.Provider = None,
    country: of.Country = None,
    depth: of.DepthOf = None,
    max_rows: of.MaxRows = None,
    one_per_domain: of.OnePerDomain = None,
    max_units: of.MaxUnits = None,
    yes: of.Yes = False,
    dry_run: of.DryRun = False,
    refresh: of.Refresh = False,
    offline: of.Offline = False,
    cache: of.CacheFolder = None,
    cache_days: of.CacheDays = None,
) -> None:
    """Show how many referring domains your page lacks for a keyword.

    A SERP file says which pages rank, link files give their links; what each file is, is found
    from its header. With --provider and --keyword, both come from there instead (gapcalc fetch).
    """
    from gapcalc.cli.answer import answer

    answer(context.params, inputs or [])
