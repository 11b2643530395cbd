"""The command line: parse, call, present; no decisions."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer

from gapcalc.cli.options import (
    Command,
    PlainCommand,
    flag,
    function_for,
    show_examples,
    show_help,
    with_parameters,
)
from gapcalc.cli.output import INTERRUPTED, close_streams, deliver, exit_code_of, open_streams
from gapcalc.errors import USAGE, UsageError

CRASHED = 70
"""The exit code of a fault of the program itself (EX_SOFTWARE)."""
_NEARLY = 0.75
"""Words that are as much alike as this are taken for typing errors."""
_EXAMPLES = (
    "gapcalc serp.csv --target https://example.com/desk/",
    "gapcalc folder --target https://example.com/desk/",
    "gapcalc folder --site example.com",
)
_START = (
    "serp.csv is a SERP export; a folder holds one and the link exports of its pages. gapcalc FILE is "
    "short for gapcalc gap FILE. gapcalc COMMAND --help has the options."
)
QUESTION = "How many referring domains does this page need to compete for this keyword?"

COMMANDS = (
    Command(
        "gap",
        "INPUT",
        (
            "How many referring domains does my page need for this keyword?",
            (
                "INPUT is a file, a folder, a glob, or - for standard input: a SERP export, and "
                "link exports of the pages. Files are recognised by their column headings."
            ),
            "With --provider and --keyword, gapcalc fetches both itself; see gapcalc fetch --help.",
        ),
        (
            "gapcalc serp.csv",
            "gapcalc serp.csv backlinks-*.csv --target https://example.com/desk/",
            "gapcalc folder --target https://example.com/desk/ --json",
        ),
    ),
    Command(
        "prospects",
        "INPUT",
        (
            "Who links to the pages that rank, but not to mine?",
            "INPUT is a SERP export, and link exports of its pages and of yours.",
        ),
        (
            "gapcalc prospects *.csv --target https://example.com/desk/",
            "gapcalc prospects *.csv --target https://example.com/desk/ -o leads.csv",
        ),
    ),
    Command(
        "audit",
        "INPUT",
        (
            "What are my links worth, and why does each of them count or not?",
            (
                "A --target with a path is a page, a bare domain the whole site. Add the link "
                "exports of the pages that rank to compare with them."
            ),
        ),
        (
            "gapcalc audit backlinks-*.csv --target https://example.com/desk/",
            "gapcalc audit folder --target example.com/desk --links -o links.csv",
            "gapcalc audit backlinks-*.csv --target example.com --brand Acme",
        ),
        first=("brand", "links"),
    ),
    Command(
        "plan",
        "INPUT",
        (
            "How long does it take to close the gap, and what does it cost?",
            "INPUT is as for gapcalc gap. Link exports with dates also tell how fast rivals grow.",
        ),
        (
            "gapcalc plan folder --target https://example.com/desk/",
            "gapcalc plan folder --target https://example.com/desk/ --pace 6 --price 250",
            "gapcalc plan folder --target https://example.com/desk/ -o plan.csv",
        ),
        first=("pace", "price"),
    ),
    Command(
        "fetch",
        "KEYWORD",
        (
            "Get SERPs, counts and links from a provider, as files for the other commands.",
            (
                "The cost is shown first. Whatever is paid for is kept: after an error, run the "
                "same command again to go on. Keys come from the environment or a file."
            ),
        ),
        (
            'gapcalc fetch "desk lamp" --provider ahrefs --dry-run',
            'gapcalc fetch "desk lamp" --provider ahrefs -o desk-lamp',
            "gapcalc fetch --provider ahrefs --balance",
        ),
        first=("provider", "country", "depth", "max_units", "yes", "dry_run", "balance"),
    ),
    Command(
        "export",
        "INPUT",
        (
            "Write the inputs in one common format; they give the same results again.",
            "One input becomes a CSV or a Parquet file; several become a folder or an archive.",
        ),
        (
            "gapcalc export serp.csv -o serp.parquet",
            "gapcalc export serp.csv backlinks-*.csv -o desk.zip",
            "gapcalc export folder -o normalised/",
        ),
    ),
    Command(
        "benchmark",
        None,
        (
            "How many referring domains does a KD score stand for?",
            (
                "Only Ahrefs publishes what its KD stands for. Without options the published table "
                "is shown."
            ),
        ),
        ("gapcalc benchmark", "gapcalc benchmark --kd 34", "gapcalc benchmark --rd 50"),
        first=("kd",),
    ),
    Command(
        "formats",
        None,
        (
            "Which exports can be read, and how do I get them?",
            "It also lists the exports that are refused by name. --json has every column.",
        ),
        ("gapcalc formats", "gapcalc formats --json"),
    ),
    Command(
        "rules",
        None,
        (
            "Which links do not count, and why?",
            (
                "With gap, prospects, audit and plan, --profile picks a set of rules; --rule and "
                "--no-rule switch single ones on and off."
            ),
        ),
        ("gapcalc rules", "gapcalc rules --json"),
    ),
    Command(
        "config",
        None,
        (
            "Which settings are in force, and where do they come from?",
            (
                "Flags win over GAPCALC_* variables, these over gapcalc.toml, and that over the "
                "defaults."
            ),
        ),
        ("gapcalc config", "gapcalc config --json"),
    ),
    Command(
        "schema",
        "NAME",
        (
            "Print the JSON Schema of a command's JSON output, or of gapcalc.toml.",
            "NAME is gap, prospects, audit or plan; settings is the settings file.",
        ),
        ("gapcalc schema gap", "gapcalc schema settings"),
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends with SystemExit and one of the exit codes of docs/output.md.

    Without any argument the help is shown, and the code says that a command is missing.
    """
    given = with_default_command(sys.argv[1:] if arguments is None else arguments)
    asked = given or ["--help"]
    code = exit_code_of(lambda: _call(asked), json=_wants_json(asked))
    sys.exit(code if given else code or USAGE)


def _call(arguments: list[str]) -> object:
    _refuse_typo(arguments)
    return _app(arguments)(args=arguments, standalone_mode=False)


def _refuse_typo(arguments: Sequence[str]) -> None:
    """Refuse a word in place of a command that is nearly one, and no file either."""
    name, *rest = arguments
    word = rest[0] if name == "gap" and rest else ""
    if not word.isalpha() or Path(word).exists():
        return
    from difflib import get_close_matches

    if word == "help":
        raise UsageError("there is no file or command help; gapcalc --help lists the commands")
    names = [command.name for command in COMMANDS]
    if near := get_close_matches(word.lower(), names, cutoff=_NEARLY):
        raise UsageError(f"there is no file or command {word}; did you mean gapcalc {near[0]}?")


def _wants_json(arguments: Sequence[str]) -> bool:
    """Say whether JSON was asked for, before the options are read: they may be what is wrong."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(
        one in {"--json", "--format=json"} or (one, other) == ("--format", "json")
        for one, other in pairs
    )


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """Put `gap` in front when the first argument is no command.

    >>> with_default_command(["keyword.csv"]), with_default_command(["rules"])
    (['gap', 'keyword.csv'], ['rules'])
    """
    names = {command.name for command in COMMANDS}
    if not arguments or arguments[0] in {*names, "--help", "--version"}:
        return list(arguments)
    return ["gap", *arguments]


def _show_version(*, wanted: bool) -> None:
    if wanted:
        from gapcalc import __version__
        from gapcalc.suffixes import list_date

        deliver(f"gapcalc {__version__} (public suffix list of {list_date() or 'unknown date'})\n")
        raise typer.Exit


def _app(arguments: Sequence[str]) -> typer.Typer:
    """Make the program: with the one command that is asked for, or with all for the overview."""
    app = typer.Typer(
        name="gapcalc",
        help="\n\n".join([QUESTION, show_examples(_EXAMPLES), _START]),
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    def overview(**_typed: object) -> None:
        pass

    options = [
        flag("version", ["--version"], "Show the version and exit.", callback=_show_version),
        flag("help", ["--help"], "Show this page and exit.", callback=show_help),
    ]
    app.callback(add_help_option=False)(with_parameters(overview, options))
    for command in COMMANDS:
        if arguments[0] in {command.name, "--help", "--version"}:
            # The overview shows names and summaries alone.
            function = function_for(command) if arguments[0] == command.name else overview
            app.command(
                command.name,
                cls=PlainCommand,
                help=command.help,
                short_help=command.summary,
                add_help_option=False,
            )(function)
    return app


def run() -> None:
    """Run the command line as a process of its own, and end it without tidying up memory.

    Giving back a million links piece by piece takes longer than counting them. A fault of the
    program ends with a code of its own: 1 would say that a limit is exceeded.
    """
    code = CRASHED
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        open_streams()
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else CRASHED
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if code == CRASHED:
            import traceback

            with suppress(OSError, ValueError):
                sys.stderr.write(_without_keys(traceback.format_exc()))
        close_streams()
        os._exit(code)


def _without_keys(text: str) -> str:
    """Mask the keys of providers, if any was ever read."""
    from gapcalc.providers.keys import redact

    return redact(text)
