"""Every option, declared once, and its validated value.

An option is a field of `Settings`: its name, type and default, and an `Option` with the rest.
Flags, environment variables, keys of the settings file and its JSON Schema, range checks and the
tables in the docs are all made from these fields.
"""

from dataclasses import fields
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Annotated

from gapcalc import words
from gapcalc.option import Declared, Option, Place, declare
from gapcalc.outputs import FORMATS
from gapcalc.results.shared import ResultPart

FILE_NAME = "gapcalc.toml"

_Text = str | None
_File = Path | None
_Whole = int | None
_Number = float | None
Texts = tuple[str, ...]

_ON_FLAGS: tuple[Place, ...] = ("flag",)
_ANALYSES = ("gap", "prospects", "audit", "plan")
"""The commands that compare pages, and share the options on what is compared."""
_FETCH, _READ = ("gap", "fetch"), (*_ANALYSES, "fetch", "export")
_ALL_PAGES = (*_ANALYSES, "fetch")
_ABOUT = ("benchmark", "formats", "rules")
_OUTPUT_FLAGS = ("-o", "--output")

_OWN = ("gap", "plan")
"""The commands that compute what the user's own pages need."""
_PAGES = (*_OWN, "prospects")
"""The commands that take a page of the user for each keyword."""

_mine = partial(Option, commands=_PAGES)
_shared = partial(Option, commands=_ALL_PAGES)
_written = partial(Option, where=_ON_FLAGS, flags=_OUTPUT_FLAGS)
_page = partial(Option, panel="Which pages", commands=_ANALYSES)
_answer = partial(Option, panel="The answer")
_plan = partial(Option, panel="The plan", commands=_OWN)
_limit = partial(Option, panel="Limits", commands=_OWN)
_rule = partial(Option, panel="Quality rules", commands=_ANALYSES)
_any_rule = partial(_rule, commands=_ALL_PAGES)
_bought = partial(Option, panel="Fetching", commands=_FETCH)
_bought_now = partial(_bought, where=_ON_FLAGS)
_secret = partial(_bought, where=("environment",))
"""Keys and their addresses: not from a settings file, which may come from somebody else."""
_shown = partial(Option, panel="Output and messages", commands=_ANALYSES)
_audit = partial(Option, panel="The audit", commands=("audit",))


class Settings(ResultPart):
    """The values of all options; names are the option names in snake_case.

    Values may be written as they are in a settings file: a list for a tuple, a text for a path or a
    date. Raises UsageError for a value that an option does not take.
    """

    target: Annotated[_Text, _shared("Your own page.", "URL")] = None
    site: Annotated[
        _Text, _mine("Your site: its best-ranking page is used for each keyword.", "DOMAIN")
    ] = None
    targets: Annotated[
        _File, _mine("Your page for each keyword: a CSV of keyword,url.", "FILE")
    ] = None
    keyword: Annotated[
        _Text,
        Option("Show this keyword, or name a SERP without one.", "KEYWORD", commands=_ANALYSES),
    ] = None
    own_rds: Annotated[_Whole, _mine("Your page's count, if no file has it.")] = None
    top: Annotated[int, _shared("Compare with the results down to this position.", low=1)] = 10
    links_for: Annotated[
        Texts,
        Option(
            "Say which page's links FILE lists, if it does not say so.",
            "URL=FILE",
            commands=(*_ANALYSES, "export"),
            binds=True,
        ),
    ] = ()
    details: Annotated[
        bool, Option("Show everything: every basis, rules, spread, all cautions.")
    ] = False
    min_competitors: Annotated[
        int, Option("List domains that link to at least N pages.", low=1, commands=("prospects",))
    ] = 2
    rd: Annotated[
        _Whole,
        Option(
            "A number of referring domains: which KD is that?",
            commands=("benchmark",),
            where=_ON_FLAGS,
        ),
    ] = None
    output: Annotated[
        _File,
        Option(
            "Write to a file; its ending picks the format.",
            "FILE",
            commands=_ANALYSES,
            flags=_OUTPUT_FLAGS,
        ),
    ] = None
    export_to: Annotated[
        _Text,
        _written(
            "Write NAME.csv, NAME.parquet, NAME.zip or a folder DIR/.", "NAME", commands=("export",)
        ),
    ] = None
    fetch_to: Annotated[_File, _written("The folder to write to.", "DIR", commands=("fetch",))] = (
        None
    )
    json: Annotated[
        bool, Option("Write JSON.", where=_ON_FLAGS, commands=(*_ANALYSES, "config", *_ABOUT))
    ] = False

    competitor: Annotated[Texts, _page("Compare with this page too.", "URL")] = ()
    drop: Annotated[tuple[words.Drop, ...], _page("Pages to drop", "KIND,...")] = ()
    exclude: Annotated[Texts, _page("Leave out a domain or page.", "DOMAIN|URL")] = ()
    icann_suffixes: Annotated[
        bool, _page("Count all of blogspot.com and the like as one domain.")
    ] = False
    psl: Annotated[_File, _page("Use this Public Suffix List.", "FILE")] = None

    basis: Annotated[
        words.Basis | None, _answer("Force the basis of the answer", "BASIS", commands=_OWN)
    ] = None
    tolerance: Annotated[
        float, _answer("The competitive goal is this share below the median.", "SHARE", high=1)
    ] = 0.25
    kd: Annotated[
        str | float | None,
        _answer("The keyword's Ahrefs KD, if no file has it.", commands=("gap", "benchmark")),
    ] = None
    kd_scale: Annotated[
        _File, _answer("Use this KD scale (TOML).", "FILE", commands=("gap", "benchmark"))
    ] = None
    pace: Annotated[_Number, _plan("New referring domains a month for this page.", low=0.1)] = None
    competitive: Annotated[
        bool, _plan("Plan with the pace of competitive niches, 20-60 a month.")
    ] = False
    price: Annotated[
        _Number, _plan("Price of a new referring domain; gives the cost of the gap.")
    ] = None
    horizon: Annotated[int, _plan("A gap that takes longer is out of reach.", "MONTHS", low=1)] = 24
    sensitivity: Annotated[bool, _answer("Show the answer without each rule in turn.")] = False
    by_vendor: Annotated[bool, _answer("Show what each vendor's links alone say.")] = False

    sort: Annotated[words.SortBy, _answer("Sort several keywords by", "ORDER")] = "winnable"
    skip_missing: Annotated[
        bool, _answer("Leave out keywords for which you have no page.", commands=_OWN)
    ] = False
    rows: Annotated[
        words.RowKind | None,
        _answer("What a row of a CSV is", "KIND", shown="keywords if several, else pages"),
    ] = None
    brand: Annotated[
        Texts, _audit("A word for your brand in anchors, besides your domain.", "WORDS")
    ] = ()
    links: Annotated[bool, _audit("List every link: whether it counts, why, and its anchor.")] = (
        False
    )
    disavow: Annotated[
        _File,
        _audit(
            "Write domains of harmful links in Google's disavow format; rarely the right move.",
            "FILE",
            where=_ON_FLAGS,
        ),
    ] = None

    fail_over: Annotated[_Whole, _limit("Exit 1 if a gap is over N, 4 if one is unknown.")] = None
    allow_unknown: Annotated[bool, _limit("Let unknown gaps pass --fail-over.")] = False
    fail_unknown: Annotated[bool, _limit("Exit 4 if there is too little data for a gap.")] = False

    profile: Annotated[words.Profile, _any_rule("The set of rules", "PROFILE")] = "balanced"
    rule: Annotated[Texts, _any_rule("Switch a rule on; gapcalc rules lists them.", "RULE")] = ()
    no_rule: Annotated[Texts, _any_rule("Switch a rule off.", "RULE")] = ()
    min_authority: Annotated[
        _Whole, _rule("Rule authority: the lowest score that counts.", high=100)
    ] = None
    min_traffic: Annotated[_Whole, _rule("Rule traffic: the fewest monthly visits that count.")] = (
        None
    )
    max_outbound: Annotated[_Whole, _rule("Rule outbound: the most external links on a page.")] = (
        None
    )
    sitewide_links: Annotated[
        _Whole, _rule("Rule sitewide: links from one domain that are too many.", low=1)
    ] = None
    sitewide_share: Annotated[
        _Number, _rule("Rule sitewide: the share of them with one anchor.", "SHARE", high=1)
    ] = None
    ugc_patterns: Annotated[
        tuple[words.UgcPattern, ...], _rule("Rule ugc, kinds of pages", "KIND,...")
    ] = ()
    block_anchor: Annotated[Texts, _rule("Rule anchor: another word to drop.", "WORD")] = ()
    block_domains: Annotated[
        _File, _rule("Rule blocklist: a file with one domain a line.", "FILE")
    ] = None
    language: Annotated[
        Texts,
        _rule(
            "Rule language: a language to keep.",
            "LANG",
            form=(r"[a-z]{2,3}([-_][a-z0-9]+)*", "en or de, the code of the language"),
        ),
    ] = ()
    topic: Annotated[Texts, _rule("Rule topic: a word of your topic.", "WORD")] = ()

    provider: Annotated[words.ProviderName | None, _bought("The provider to ask", "NAME")] = None
    country: Annotated[str, _bought("The country of the SERP.", "CC")] = "US"
    depth: Annotated[words.Depth, _bought("Fetch counts only, or all links", "DEPTH")] = "counts"
    max_rows: Annotated[int, _bought("Fetch at most N links of a page.", low=1)] = 1000
    one_per_domain: Annotated[
        bool, _bought("Fetch one link of each domain: cheaper, less exact.")
    ] = False
    max_units: Annotated[_Number, _bought("Spend at most N of the provider's units.")] = None
    yes: Annotated[bool, _bought_now("Spend without asking.")] = False
    dry_run: Annotated[bool, _bought_now("Show the cost and fetch nothing.")] = False
    balance: Annotated[
        bool, _bought("Show what is left on your account.", commands=("fetch",), where=_ON_FLAGS)
    ] = False
    refresh: Annotated[bool, _bought_now("Fetch again what is in the cache.")] = False
    offline: Annotated[bool, _bought_now("Use the cache only.")] = False
    cache: Annotated[
        _File, _bought("The folder for what was fetched.", "DIR", shown="the user's cache folder")
    ] = None
    cache_days: Annotated[
        int, _bought("Use what was fetched in this many days.", "DAYS", low=1, high=30)
    ] = 7

    title: Annotated[_Text, _shown("The title of an HTML or XLSX report.", "TEXT")] = None
    client: Annotated[_Text, _shown("Whom the report is for.", "TEXT")] = None
    format: Annotated[
        _Text,
        _shown("The format", "FORM", words=tuple(FORMATS), shown="by the ending of -o, or table"),
    ] = None
    as_of: Annotated[date | None, _shown("The date of the answer.", "DATE", shown="today")] = None
    explain: Annotated[
        _File, _shown("Write the SQL of this run to a file.", "FILE", where=_ON_FLAGS)
    ] = None
    chart: Annotated[
        _File,
        _shown(
            "Draw a chart of the answer to a .svg or .png file.",
            "FILE",
            commands=("gap", "audit", "plan"),
            where=_ON_FLAGS,
        ),
    ] = None
    memory_limit: Annotated[
        _Text,
        _shown(
            "Memory for counting links.",
            "SIZE",
            commands=(*_ANALYSES, "export"),
            form=(r"\d+([.]\d+)? *([KMGT]i?B|%)", "512MB or 2GB"),
            shown="900MB",
        ),
    ] = None
    config: Annotated[
        _File,
        _shown(
            "Settings file.",
            "FILE",
            commands=(*_READ, "config"),
            where=("flag", "environment"),
            shown=f"{FILE_NAME} here or in a parent folder",
        ),
    ] = None
    no_color: Annotated[bool, _shown("No colour, as with NO_COLOR.")] = False
    quiet: Annotated[
        bool, _shown("No messages but errors.", commands=_READ, flags=("-q", "--quiet"))
    ] = False
    verbose: Annotated[
        int,
        _shown(
            "Name formats, list every problem; -vv: every request.",
            "",
            counted=True,
            commands=_READ,
            flags=("-v", "--verbose"),
        ),
    ] = 0

    keys: Annotated[_File, _secret("The file that holds the keys.", "FILE")] = None
    ahrefs_url: Annotated[_Text, _secret("Another address for Ahrefs.", "URL")] = None
    semrush_url: Annotated[_Text, _secret("Another address for Semrush.", "URL")] = None
    dataforseo_url: Annotated[_Text, _secret("Another address for DataForSEO.", "URL")] = None

    def __post_init__(self) -> None:
        """Check every value, and convert it to the type of its option."""
        for declared in declarations():
            value = getattr(self, declared.name)
            if value is not declared.default:
                vars(self)[declared.name] = declared.read(value)
        if self.json:
            vars(self)["format"] = "json"


@cache
def declarations() -> tuple[Declared, ...]:
    """Give every option in the order in which help and docs show them."""
    return tuple(declare(field.name, field.type, field.default) for field in fields(Settings))


def options_of(command: str) -> tuple[Declared, ...]:
    """Give the options that a command takes on its command line."""
    return tuple(
        declared
        for declared in declarations()
        if command in declared.option.commands and "flag" in declared.option.where
    )
