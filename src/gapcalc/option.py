"""What an option declares, and how a value given for it is read."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from reprlib import Repr
from types import NoneType, UnionType
from typing import Literal, NamedTuple, Union, get_args, get_origin

from gapcalc.errors import UsageError, nearest

LARGEST = 10**12
"""No number is larger, so that arithmetic with it stays finite."""
_LONGEST = 10_000
_PERCENT = 100
_OTHER_NAMES = {
    "counted": "kept",
    "excel": "xlsx",
    "md": "markdown",
    "text": "table",
    "txt": "table",
    "screen": "table",
}
"""What people type, and gapcalc's word for it."""
_SWITCH = {
    **dict.fromkeys(("true", "yes", "on", "1", "t", "y"), True),
    **dict.fromkeys(("false", "no", "off", "0", "f", "n"), False),
}

Place = Literal["flag", "environment", "file"]
ANYWHERE: tuple[Place, ...] = ("flag", "environment", "file")


class BadValueError(ValueError):
    """A value that an option does not take: of the wrong type, out of range, an unknown word."""


class SettingError(UsageError):
    """An option refuses a value; the caller adds where the value was given."""

    def __init__(self, name: str, problem: str) -> None:
        self.name, self.problem = name, problem
        super().__init__(f"{name}: {problem}")


class Option(NamedTuple):
    """The declaration of an option, besides its name, type and default.

    `flags` stands in for the flag that the name gives. `low` and `high` bound a number. `form` is
    the pattern of a text, and an example; `words` are all allowed texts, where the type does not
    list them. `shown` describes a default that is only found at run time. `binds` says that the
    text after the last `=` is a path; `counted`, that the value is the number of times the flag is
    given.
    """

    help: str
    metavar: str = "N"
    panel: str | None = None
    commands: tuple[str, ...] = ("gap",)
    where: tuple[Place, ...] = ANYWHERE
    flags: tuple[str, ...] = ()
    low: float = 0
    high: float = LARGEST
    form: tuple[str, str] | None = None
    words: tuple[str, ...] = ()
    shown: str | None = None
    binds: bool = False
    counted: bool = False


class Declared(NamedTuple):
    """An option with its name and default, and the facts from its type.

    `kinds` are the types that a value may have; `words` are the allowed words, if only some are.
    """

    name: str
    option: Option
    kinds: tuple[type, ...]
    words: tuple[str, ...]
    is_list: bool
    default: object

    @property
    def is_switch(self) -> bool:
        """Say whether the option is an on/off switch."""
        return self.kinds == (bool,)

    @property
    def flags(self) -> tuple[str, ...]:
        """Give the flags that set the option, the longest last."""
        return self.option.flags or (f"--{self.name.replace('_', '-')}",)

    @property
    def variable(self) -> str:
        """Give the environment variable that sets the option."""
        return f"GAPCALC_{self.name.upper()}"

    @property
    def off_flag(self) -> str | None:
        """Give the flag that switches off what the file or the environment switched on."""
        if self.is_switch and "file" in self.option.where:
            return f"--no-{self.flags[-1].removeprefix('--')}"
        return None

    @property
    def help(self) -> str:
        """Say what the option does, which words it takes, and its default."""
        parts = [self.option.help]
        if self.words:
            parts = [f"{self.option.help}: {', '.join(self.words)}."]
        elif self.is_list:
            parts.append("May be repeated.")
        if self.default_text:
            parts.append(f"(default: {self.default_text})")
        return " ".join(parts)

    @property
    def default_text(self) -> str | None:
        """Give the default in words; None if it is empty, none or off."""
        return self.option.shown or (str(self.default) if self.default else None)

    def read(self, value: object) -> object:
        """Read a value in any form that the option accepts; raises SettingError."""
        try:
            if self.is_list:
                return tuple(self._read_one(part) for part in self._parts(value))
            return self._read_one(value)
        except BadValueError as error:
            raise SettingError(self.name, str(error)) from error

    def _parts(self, value: object) -> Iterable[object]:
        """Split a list into parts, and a text at its commas; a text may hold several words."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        if not isinstance(value, list | tuple):
            raise BadValueError(f"{show(value)} is not a list")
        return [part for text in value for part in self._parts(text)] if self.words else value

    def _read_one(self, value: object) -> object:
        if self.words:
            return _read_word(value, self.words)
        kind = float if isinstance(value, int | float) and float in self.kinds else self.kinds[0]
        return _READERS[kind](value, self.option)


def declare(name: str, annotation: object, default: object) -> Declared:
    """Understand a field `name: Annotated[type, Option(...)] = default`.

    >>> from typing import Annotated
    >>> declare("drop", Annotated[tuple[Literal["a", "b"], ...], Option("Drop")], ()).words
    ('a', 'b')
    """
    kind, option = get_args(annotation)
    is_list = get_origin(kind) is tuple
    inner = get_args(kind)[0] if is_list else kind
    choices = get_args(inner) if get_origin(inner) in {Union, UnionType} else (inner,)
    words = option.words or tuple(word for part in choices for word in get_args(part))
    kinds = tuple(part for part in choices if isinstance(part, type) and part is not NoneType)
    return Declared(name, option, kinds, words, is_list, default)


def show(value: object) -> str:
    """Write a value for a message, short however long or deep it is."""
    # Python refuses to write integers of more than 4,300 digits.
    if isinstance(value, int) and not -(10**4000) < value < 10**4000:
        return "a number of thousands of digits"
    short = Repr()
    short.maxstring = short.maxother = 60
    return short.repr(value)


def _read_word(value: object, words: Sequence[str]) -> str:
    if isinstance(value, str) and value in words:
        return value
    near = _meant(value, words) if isinstance(value, str) else ""
    raise BadValueError(f"{show(value)} is not one of {', '.join(words)}{near and '; '}{near}")


def _meant(value: str, words: Sequence[str]) -> str:
    other = _OTHER_NAMES.get(value.casefold(), "")
    return nearest(other if other in words else value.casefold(), words, "")


def _read_switch(value: object, _option: Option) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int) and str(value).strip().casefold() in _SWITCH:
        return _SWITCH[str(value).strip().casefold()]
    raise BadValueError(f"{show(value)} is neither true nor false")


def _read_whole(value: object, option: Option) -> int:
    number = _number(value, "a whole number")
    if number != number // 1:
        raise BadValueError(f"{show(value)} is not a whole number")
    return int(_in_range(number, option))


def _number(value: object, wanted: str) -> int | float:
    if isinstance(value, str) and wanted == "a number" and re.fullmatch(r"\d{1,3} ?%", value):
        share = int(value.rstrip(" %")) / _PERCENT
        raise BadValueError(f"{show(value)} is not {wanted}; a share is written as {share:g}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValueError(f"{show(value)} is not {wanted}")
    if isinstance(value, int):
        return value
    try:
        number = float(value)
    except ValueError as error:
        raise BadValueError(f"{show(value)} is not {wanted}") from error
    if not isfinite(number):
        raise BadValueError(f"{show(value)} is not {wanted}")
    return int(number) if number.is_integer() else number


def _in_range(number: float, option: Option) -> float:
    if option.low <= number <= option.high:
        return number
    wanted = f"from {option.low:g} to {option.high:g}"
    if option.high == LARGEST:
        wanted = f"at least {option.low:g}" if number < option.low else "at most a trillion"
    advice = f": write {number / _PERCENT:g}" if option.high == 1 < number <= _PERCENT else ""
    raise BadValueError(f"{show(number)} is out of range; it is {wanted}{advice}")


def _read_text(value: object, option: Option) -> str:
    if not isinstance(value, str):
        raise BadValueError(f"{show(value)} is not a text; put it between quotes")
    if "\0" in value:
        raise BadValueError(f"{show(value)} holds a NUL character")
    if len(value) > _LONGEST:
        raise BadValueError(f"{show(value)} is longer than {_LONGEST:,} characters")
    if option.form and not re.fullmatch(option.form[0], value, re.IGNORECASE):
        raise BadValueError(f"{show(value)} is not understood; write it as {option.form[1]}")
    return value


def _read_path(value: object, option: Option) -> Path:
    text = _read_text(str(value) if isinstance(value, Path) else value, option)
    if text == "-" and not option.flags:
        raise BadValueError("'-' is no file here; give the file a name")
    if not text:
        raise BadValueError("the name of the file is empty")
    return Path(text)


def _read_date(value: object, _option: Option) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadValueError(f"{show(value)} is not a date; write it as 2026-01-31") from error


_READERS: Mapping[type, Callable[[object, Option], object]] = {
    bool: _read_switch,
    int: _read_whole,
    float: lambda value, option: float(_in_range(_number(value, "a number"), option)),
    str: _read_text,
    Path: _read_path,
    date: _read_date,
}
