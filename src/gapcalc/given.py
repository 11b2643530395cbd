"""What was given for options: on the command line, in the environment, in a settings file."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from gapcalc.data import read
from gapcalc.errors import UsageError, nearest, unreadable
from gapcalc.option import Declared, Place, SettingError
from gapcalc.settings import FILE_NAME, Settings, declarations

_PREFIX = "GAPCALC_"


class Given(NamedTuple):
    """A value that was given for an option, and where it was given, in words."""

    value: Any
    place: str


def make_settings(given: Mapping[str, Given]) -> Settings:
    """Make settings from the given values; raises UsageError."""
    try:
        return Settings(**{name: value for name, (value, _) in given.items()})
    except SettingError as error:
        raise UsageError(f"{given[error.name].place}: {error.problem}") from error


def gather(
    flags: Mapping[str, object], environment: Mapping[str, str], folder: Path | None
) -> dict[str, Given]:
    """Collect every given value and its place: flag beats environment beats file.

    `flags` holds only what was typed. Without --config or GAPCALC_CONFIG, gapcalc.toml is looked for
    in `folder` and upwards. Raises UsageError for an unknown name.
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
    places = {declared.name: declared.option.where for declared in declarations()}
    known = [other for other, where in places.items() if place in where]
    if name in known:
        return
    if "flag" in places.get(name, ()):
        flag = _by_name(name).flags[-1]
        raise UsageError(f"{shown}: {name} can only be given on the command line, as {flag}")
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
        raise unreadable("--config", path, error) from error
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
