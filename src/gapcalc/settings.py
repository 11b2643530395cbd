"""Every option, declared once, and its validated value, whichever way it was given.

An option is a field of `Settings`: its name, type and default, and an `Option` with the rest.
Flags, environment variables, keys of the settings file and its JSON Schema, range checks and the
tables in the docs are all made from these fields.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, partial
from pathlib import Path, PurePath
from typing import Annotated, Any, NamedTuple

from gapcalc.data import read
from gapcalc.errors import UsageError, nearest
from gapcalc.option import Declared, Option, Place, SettingError, declare
from gapcalc.outputs import FORMATS
from gapcalc.words import (
    Basis,
    Depth,
    Drop,
    Profile,
    ProviderName,
    RowKind,
    SortBy,
    UgcPattern,
)

FILE_NAME = "gapcalc.toml"
_PREFIX = "GAPCALC_"

Texts = tuple[str, ...]

_ON_FLAGS: tuple[Place, ...] = ("flag",)
_OUTSIDE: tuple[Place, ...] = ("environment",)
"""Settings of keys and their addresses: not from a file, which may come from somebody else."""
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

_main = Option
_written = partial(Option, where=_ON_FLAGS, flags=_OUTPUT_FLAGS)
_page = partial(Option, panel="Which pages", commands=_ANALYSES)
_answer = partial(Option, panel="The answer")
_plan = partial(Option, panel="The plan", commands=_OWN)
_limit = partial(Option, panel="Limits", commands=_OWN)
_rule = partial(Option, panel="Quality rules", commands=_ANALYSES)
_bought = partial(Option, panel="Fetching", commands=_FETCH)
_shown = partial(Option, panel="Output and messages", commands=_ANALYSES)
_audit = partial(Option, panel="The audit", commands=("audit",))


@dataclass(frozen=True)
class Settings:
    """The values of all options; names are the option names in snake_case.

    Values may be written as they are in a settings file: a list for a tuple, a text for a path or a
    date. Raises UsageError for a value that an option does not take.
    """

    target: Annotated[
        str | None,
        _main("Your own page.", "URL", commands=_ALL_PAGES),
    ] = None
    site: Annotated[
        str | None,
        _main(
            "Your site: its best-ranking page is used for each keyword.", "DOMAIN", commands=_PAGES
        ),
    ] = None
    targets: Annotated[
        Path | None,
        _main("Your page for each keyword: a CSV of keyword,url.", "FILE", commands=_PAGES),
    ] = None
    keyword: Annotated[
        str | None,
        _main("Show this keyword, or name a SERP without one.", "KEYWORD", commands=_ANALYSES),
    ] = None
    own_rds: Annotated[
        int | None, _main("Your page's count, if no file has it.", commands=_PAGES)
    ] = None
    top: Annotated[
        int, _main("Compare with the results down to this position.", low=1, commands=_ALL_PAGES)
    ] = 10
    links_for: Annotated[
        Texts,
        _main(
            "Say which page's links FILE lists, if it does not say so.",
            "URL=FILE",
            commands=(*_ANALYSES, "export"),
            binds=True,
        ),
    ] = ()
    details: Annotated[
        bool, _main("Show everything: every basis, rules, spread, all cautions.")
    ] = False
    min_competitors: Annotated[
        int, _main("List domains that link to at least N pages.", low=1, commands=("prospects",))
    ] = 2
    rd: Annotated[
        int | None,
        _main(
            "A number of referring domains: which KD is that?",
            commands=("benchmark",),
            where=_ON_FLAGS,
        ),
    ] = None
    output: Annotated[
        Path | None,
        _main(
            "Write to a file; its ending picks the format.",
            "FILE",
            commands=_ANALYSES,
            flags=_OUTPUT_FLAGS,
        ),
    ] = None
    export_to: Annotated[
        str | None,
        _written(
            "Write NAME.csv, NAME.parquet, NAME.zip or a folder DIR/.", "NAME", commands=("export",)
        ),
    ] = None
    fetch_to: Annotated[
        Path | None, _written("The folder to write to.", "DIR", commands=("fetch",))
    ] = None
    json: Annotated[
        bool,
        _main("Write JSON.", where=_ON_FLAGS, commands=(*_ANALYSES, "config", *_ABOUT)),
    ] = False

    competitor: Annotated[Texts, _page("Compare with this page too.", "URL")] = ()
    drop: Annotated[tuple[Drop, ...], _page("Pages to drop", "KIND,...")] = ()
    exclude: Annotated[Texts, _page("Leave out a domain or page.", "DOMAIN|URL")] = ()
    icann_suffixes: Annotated[
        bool, _page("Count all of blogspot.com and the like as one domain.")
    ] = False
    psl: Annotated[Path | None, _page("Use this Public Suffix List.", "FILE")] = None

    basis: Annotated[
        Basis | None, _answer("Force the basis of the answer", "BASIS", commands=_OWN)
    ] = None
    tolerance: Annotated[
        float, _answer("The competitive goal is this share below the median.", "SHARE", high=1)
    ] = 0.25
    kd: Annotated[
        str | float | None,
        _answer("The keyword's Ahrefs KD, if no file has it.", commands=("gap", "benchmark")),
    ] = None
    kd_scale: Annotated[
        Path | None,
        _answer("Use this KD scale (TOML).", "FILE", commands=("gap", "benchmark")),
    ] = None
    pace: Annotated[
        float | None, _plan("New referring domains a month for this page.", low=0.1)
    ] = None
    competitive: Annotated[
        bool, _plan("Plan with the pace of competitive niches, 20-60 a month.")
    ] = False
    price: Annotated[
        float | None, _plan("Price of a new referring domain; gives the cost of the gap.")
    ] = None
    horizon: Annotated[int, _plan("A gap that takes longer is out of reach.", "MONTHS", low=1)] = 24
    sensitivity: Annotated[bool, _answer("Show the answer without each rule in turn.")] = False
    by_vendor: Annotated[bool, _answer("Show what each vendor's links alone say.")] = False

    sort: Annotated[SortBy, _answer("Sort several keywords by", "ORDER")] = "winnable"
    skip_missing: Annotated[
        bool, _answer("Leave out keywords for which you have no page.", commands=_OWN)
    ] = False
    rows: Annotated[
        RowKind | None,
        _answer("What a row of a CSV is", "KIND", shown="keywords if several, else pages"),
    ] = None
    brand: Annotated[
        Texts, _audit("A word for your brand in anchors, besides your domain.", "WORDS")
    ] = ()
    links: Annotated[bool, _audit("List every link: whether it counts, why, and its anchor.")] = (
        False
    )
    disavow: Annotated[
        Path | None,
        _audit(
            "Write domains of harmful links in Google's disavow format; rarely the right move.",
            "FILE",
            where=_ON_FLAGS,
        ),
    ] = None

    fail_over: Annotated[int | None, _limit("Exit 1 if a gap is over N, 4 if one is unknown.")] = (
        None
    )
    allow_unknown: Annotated[bool, _limit("Let unknown gaps pass --fail-over.")] = False
    fail_unknown: Annotated[bool, _limit("Exit 4 if there is too little data for a gap.")] = False

    profile: Annotated[Profile, _rule("The set of rules", "PROFILE", commands=_ALL_PAGES)] = (
        "balanced"
    )
    rule: Annotated[
        Texts, _rule("Switch a rule on; gapcalc rules lists them.", "RULE", commands=_ALL_PAGES)
    ] = ()
    no_rule: Annotated[Texts, _rule("Switch a rule off.", "RULE", commands=_ALL_PAGES)] = ()
    min_authority: Annotated[
        int | None, _rule("Rule authority: the lowest score that counts.", high=100)
    ] = None
    min_traffic: Annotated[
        int | None, _rule("Rule traffic: the fewest monthly visits that count.")
    ] = None
    max_outbound: Annotated[
        int | None, _rule("Rule outbound: the most external links on a page.")
    ] = None
    sitewide_links: Annotated[
        int | None, _rule("Rule sitewide: links from one domain that are too many.", low=1)
    ] = None
    sitewide_share: Annotated[
        float | None, _rule("Rule sitewide: the share of them with one anchor.", "SHARE", high=1)
    ] = None
    ugc_patterns: Annotated[
        tuple[UgcPattern, ...], _rule("Rule ugc, kinds of pages", "KIND,...")
    ] = ()
    block_anchor: Annotated[Texts, _rule("Rule anchor: another word to drop.", "WORD")] = ()
    block_domains: Annotated[
        Path | None, _rule("Rule blocklist: a file with one domain a line.", "FILE")
    ] = None
    language: Annotated[Texts, _rule("Rule language: a language to keep.", "LANG")] = ()
    topic: Annotated[Texts, _rule("Rule topic: a word of your topic.", "WORD")] = ()

    provider: Annotated[ProviderName | None, _bought("The provider to ask", "NAME")] = None
    country: Annotated[str, _bought("The country of the SERP.", "CC")] = "US"
    depth: Annotated[Depth, _bought("Fetch counts only, or all links", "DEPTH")] = "counts"
    max_rows: Annotated[int, _bought("Fetch at most N links of a page.", low=1)] = 1000
    one_per_domain: Annotated[
        bool, _bought("Fetch one link of each domain: cheaper, less exact.")
    ] = False
    max_units: Annotated[float | None, _bought("Spend at most N of the provider's units.")] = None
    yes: Annotated[bool, _bought("Spend without asking.", where=_ON_FLAGS)] = False
    dry_run: Annotated[bool, _bought("Show the cost and fetch nothing.", where=_ON_FLAGS)] = False
    balance: Annotated[
        bool, _bought("Show what is left on your account.", commands=("fetch",), where=_ON_FLAGS)
    ] = False
    refresh: Annotated[bool, _bought("Fetch again what is in the cache.", where=_ON_FLAGS)] = False
    offline: Annotated[bool, _bought("Use the cache only.", where=_ON_FLAGS)] = False
    cache: Annotated[
        Path | None,
        _bought("The folder for what was fetched.", "DIR", shown="the user's cache folder"),
    ] = None
    cache_days: Annotated[
        int, _bought("Use what was fetched in this many days.", "DAYS", low=1, high=30)
    ] = 7

    title: Annotated[str | None, _shown("The title of an HTML or XLSX report.", "TEXT")] = None
    client: Annotated[str | None, _shown("Whom the report is for.", "TEXT")] = None
    format: Annotated[
        str | None,
        _shown(
            "The format",
            "FORM",
            words=tuple(FORMATS),
            shown="by the ending of -o, or table",
        ),
    ] = None
    as_of: Annotated[date | None, _shown("The date of the answer.", "DATE", shown="today")] = None
    explain: Annotated[
        Path | None, _shown("Write the SQL of this run to a file.", "FILE", where=_ON_FLAGS)
    ] = None
    chart: Annotated[
        Path | None,
        _shown(
            "Draw a chart of the answer to a .svg or .png file.",
            "FILE",
            commands=("gap", "audit", "plan"),
            where=_ON_FLAGS,
        ),
    ] = None
    memory_limit: Annotated[
        str | None,
        _shown(
            "Memory for counting links.",
            "SIZE",
            commands=(*_ANALYSES, "export"),
            form=(r"\d+([.]\d+)? *([KMGT]i?B|%)", "512MB or 2GB"),
            shown="900MB",
        ),
    ] = None
    config: Annotated[
        Path | None,
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

    keys: Annotated[
        Path | None, _bought("The file that holds the keys.", "FILE", where=_OUTSIDE)
    ] = None
    ahrefs_url: Annotated[
        str | None, _bought("Another address for Ahrefs.", "URL", where=_OUTSIDE)
    ] = None
    semrush_url: Annotated[
        str | None, _bought("Another address for Semrush.", "URL", where=_OUTSIDE)
    ] = None
    dataforseo_url: Annotated[
        str | None, _bought("Another address for DataForSEO.", "URL", where=_OUTSIDE)
    ] = None

    def __post_init__(self) -> None:
        """Check every value, and convert it to the type of its option."""
        for declared in declarations():
            value = getattr(self, declared.name)
            if value is not declared.default:
                object.__setattr__(self, declared.name, declared.read(value))
        if self.json:
            object.__setattr__(self, "format", "json")


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


class Given(NamedTuple):
    """A value that was given for an option, and where it was given, in words."""

    value: Any
    place: str


def settle(
    flags: Mapping[str, object], environment: Mapping[str, str], folder: Path | None
) -> Settings:
    """Merge the options: flag beats environment beats file beats default.

    `flags` holds only what was typed. Raises UsageError for an unknown name or a bad value, which
    says where it was given.
    """
    return make_settings(gather(flags, environment, folder))


def make_settings(given: Mapping[str, Given]) -> Settings:
    """Make settings from the given values; raises UsageError."""
    try:
        return Settings(**{name: value for name, (value, _) in given.items()})
    except SettingError as error:
        raise UsageError(f"{given[error.name].place}: {error.problem}") from error


def gather(
    flags: Mapping[str, object], environment: Mapping[str, str], folder: Path | None
) -> dict[str, Given]:
    """Collect every given value, and where it was given; raises UsageError for an unknown name.

    Without --config or GAPCALC_CONFIG, gapcalc.toml is looked for in `folder` and upwards.
    """
    typed = {name: Given(value, _by_name(name).flags[-1]) for name, value in flags.items()}
    variables = {
        variable.removeprefix(_PREFIX).lower(): Given(text, variable)
        for variable, text in environment.items()
        if variable.startswith(_PREFIX) and text
    }
    for name, given in variables.items():
        _check_name(name, "environment", given.place)
    config = typed.get("config") or variables.get("config")
    path = Path(str(config.value)) if config else _find(folder)
    values = _from_file(path, named=bool(config)) if path else {}
    return {**values, **variables, **typed}


def environment() -> Mapping[str, str]:
    """Give the process's environment; it is read nowhere else."""
    return os.environ


def _by_name(name: str) -> Declared:
    return next(declared for declared in declarations() if declared.name == name)


def _check_name(name: str, place: Place, shown: str) -> None:
    known = [declared.name for declared in declarations() if place in declared.option.where]
    if name not in known:
        advice = nearest(name, known, "see gapcalc gap --help")
        raise UsageError(f"{shown}: there is no option {name}; {advice}")


def _find(folder: Path | None) -> Path | None:
    places = [] if folder is None else [folder, *folder.parents]
    return next((p / FILE_NAME for p in places if _is_file(p / FILE_NAME)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # of a folder that may not be looked into
        return False


def _from_file(path: Path, *, named: bool) -> dict[str, Given]:
    try:
        values = read(path)
    except OSError as error:
        raise UsageError(f"--config {path}: it cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise UsageError(str(error)) from error
    except RecursionError as error:
        raise UsageError(f"{path}: its lists are nested too deeply") from error
    for name in values:
        _check_name(name, "file", str(path))
        if not named:
            _refuse_outside(_by_name(name), values[name], path)
    return {
        name: Given(_beside(_by_name(name), value, path.parent), f"{path}: {name}")
        for name, value in values.items()
    }


def _refuse_outside(declared: Declared, value: object, file: Path) -> None:
    """Refuse paths outside the folder of a settings file that was found, not named."""
    for text in value if isinstance(value, list) else [value]:
        named = _path_in(declared, text)
        if named is not None and not _is_inside(named, declared, file.parent):
            raise UsageError(
                f"{file}: {declared.name}: {named} is not in the folder of this file, which was "
                f"found and not named. Name the file with --config, or give {declared.flags[-1]}"
            )


def _path_in(declared: Declared, value: object) -> str | None:
    """Give the path in a value; None where it is none, or no text."""
    if not isinstance(value, str):
        return None
    if declared.option.binds:
        return value.rpartition("=")[2]
    return value if declared.kinds == (Path,) else None


def _is_inside(path: str, declared: Declared, folder: Path) -> bool:
    """Say whether a path stays in a folder; no output may go into a hidden file or folder.

    Git runs commands from some files in .git.
    """
    parts = PurePath(path).parts
    if path.startswith(("/", "\\")) or ".." in parts or PurePath(path).is_absolute():
        return False
    if declared.name == "output" and any(part.startswith(".") for part in parts):
        return False
    try:
        return Path(os.path.realpath(folder / path)).is_relative_to(os.path.realpath(folder))
    except (OSError, ValueError):  # a NUL in it, which is refused when the value is read
        return True


def _beside(declared: Declared, value: object, folder: Path) -> object:
    """Resolve the paths in a value, which are relative to the settings file."""
    if isinstance(value, list) and declared.option.binds:
        return [_beside(declared, text, folder) for text in value]
    if not isinstance(value, str):
        return value
    if declared.kinds == (Path,) and value:
        return f"{folder / value}"
    url, equals, file = value.rpartition("=")
    return f"{url}={folder / file}" if declared.option.binds and equals else value
