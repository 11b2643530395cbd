"""Makes the command lines from the declared options, and settings from what was typed."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import typer
from typer.core import TyperCommand

from gapcalc.cli.output import to_stdout
from gapcalc.errors import UsageError
from gapcalc.given import Given, environment, gather, make_settings
from gapcalc.option import Declared
from gapcalc.settings import Settings, declarations, options_of

_OFF = False
_AS_IT_STANDS = "\b"
"""Tells Typer to leave the lines of a paragraph as they are."""
Function = TypeVar("Function", bound=Callable[..., object])


class Command:
    """A command: the word for its arguments, if it takes any, and what its help says.

    `texts` are the summary and what stands below the examples, `first` the options that are shown
    among the common ones whatever their panel is. The function of its name in `cli.commands` does
    the work.
    """

    def __init__(
        self,
        name: str,
        argument: str | None,
        texts: Sequence[str],
        examples: Sequence[str],
        first: Collection[str] = (),
    ) -> None:
        self.name, self.argument, self.examples, self.first = name, argument, examples, first
        self.summary, *details = texts
        self.help = "\n\n".join([self.summary, show_examples(examples), *details])


def show_examples(examples: Sequence[str]) -> str:
    """List examples for a help, a line each."""
    return "\n".join([_AS_IT_STANDS, "Examples:", *(f"  {example}" for example in examples)])


class Call(NamedTuple):
    """What a command is called with: arguments, settings, and where each of these was given."""

    arguments: Sequence[str]
    settings: Settings
    given: Mapping[str, Given]

    def was_typed(self, name: str) -> bool:
        """Say whether an option stood on the command line."""
        return name in self.given and self.given[name].place.startswith("--")


class PlainCommand(TyperCommand):
    """A command that hands over what was typed as text.

    Settings check it, wherever it comes from; Typer's own conversion would import pydantic. Its
    help is plain text: drawn by Rich, a page of help would take twice as long.
    """

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  (what Typer passes has no public name)
        """List the options, each group under its heading."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                heading = getattr(parameter, "rich_help_panel", None) or "Options"
                groups.setdefault(heading, []).append(record)
        for heading, records in groups.items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # what Typer passes has no public name
        """Read the arguments; nothing is converted."""
        try:
            typed, rest, _ = self.make_parser(ctx).parse_args(args=args)
        except typer.TyperException as error:
            raise _tell_owners(error, ctx.info_name or "") from error
        if typed.pop("help", False):
            show_help(ctx, wanted=True)
        if rest:
            ctx.fail(f"unexpected argument {rest[0]!r}; see {ctx.command_path} --help")
        ctx.params = typed
        return []


def _tell_owners(error: typer.TyperException, command: str) -> Exception:
    """Say which commands have an option that this one lacks."""
    name = re.search(r"^No such option: (--[a-z-]+)", error.format_message())
    declared = [d for d in declarations() if name and name[1] in {*d.flags, d.off_flag}]
    if not name or not declared:
        return error
    *others, last = declared[0].option.commands
    owners = f"{', '.join(others)} and {last} have" if others else f"{last} has"
    return UsageError(
        f"{command} has no option {name[1]}; {owners} it. See gapcalc {command} --help"
    )


def show_help(ctx: typer.Context, *, wanted: bool) -> None:
    """Print the help of a command and end, if that is wanted."""
    if wanted:
        with to_stdout():
            typer.echo(ctx.get_help())
        raise typer.Exit


def function_for(command: Command) -> Callable[..., int]:
    """Give the function that Typer calls for a command, with a parameter for each option."""

    def function(*, arguments: list[str] | None = None, **typed: object) -> int:
        call = _call(command.name, arguments or [], _chosen(command.name, typed))
        code: int = getattr(import_module("gapcalc.cli.commands"), command.name)(call)
        return code

    return with_parameters(function, _parameters(command))


def with_parameters(function: Function, parameters: Sequence[Parameter]) -> Function:
    """Let Typer see these parameters in a function."""
    function.__dict__["__signature__"] = Signature(parameters)
    return function


def flag(
    name: str,
    flags: Sequence[str],
    text: str,
    panel: str | None = None,
    *,
    callback: Callable[..., None] | None = None,
) -> Parameter:
    """Declare a switch, which is on or not there; one without a text is not shown."""
    option = typer.Option(
        _OFF,
        *flags,
        help=text,
        rich_help_panel=panel,
        metavar="",
        show_default=False,
        callback=callback,
        is_eager=callback is not None,
        hidden=not text,
    )
    return _parameter(name, bool, option)


def _call(command: str, arguments: Sequence[str], typed: Mapping[str, object]) -> Call:
    reads = any(declared.name == "config" for declared in options_of(command))
    if typed.get("json") and typed.get("format", "json") != "json":
        raise UsageError(f"--json contradicts --format {typed['format']}. Leave one of them out")
    given = gather(typed, environment() if reads else {}, _here() if reads else None)
    return Call(arguments, make_settings(given), given)


def _here() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # the folder was removed
        return None


def _chosen(command: str, typed: Mapping[str, object]) -> dict[str, object]:
    chosen: dict[str, object] = {}
    for declared in options_of(command):
        if typed.get(_off(declared)):
            chosen[declared.name] = False
        elif typed[declared.name] not in (None, False):
            chosen[declared.name] = typed[declared.name]
    return chosen


def _off(declared: Declared) -> str:
    return f"{declared.name}_off"


def _parameters(command: Command) -> list[Parameter]:
    parameters = []
    if command.argument:
        argument = typer.Argument(None, metavar=command.argument, hidden=True)
        parameters.append(_parameter("arguments", list[str], argument))
    for declared in options_of(command.name):
        panel = None if declared.name in command.first else declared.option.panel
        parameters.append(_parameter_for(declared, panel))
        if declared.off_flag:
            parameters.append(flag(_off(declared), (declared.off_flag,), ""))
    return [*parameters, flag("help", ("--help",), "Show this page and exit.")]


def _parameter_for(declared: Declared, panel: str | None) -> Parameter:
    name = declared.name
    if declared.is_switch:
        return flag(name, declared.flags, declared.help, panel)
    option = typer.Option(
        None,
        *declared.flags,
        help=declared.help,
        metavar=declared.option.metavar,
        rich_help_panel=panel,
        show_default=False,
        count=declared.option.counted,
    )
    return _parameter(name, list[str] if declared.is_list else str, option)


def _parameter(name: str, kind: object, default: object) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
