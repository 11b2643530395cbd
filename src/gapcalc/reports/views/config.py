"""Says which settings are in force, and where each was given."""

from collections.abc import Iterator, Mapping

from gapcalc.reports.document import Column, Document, Grid, Section
from gapcalc.reports.json import dump
from gapcalc.settings import Given, Settings, declarations

Row = tuple[str, str | int | float | bool | list[str] | None, str]


def view(settings: Settings, given: Mapping[str, Given]) -> Document:
    """Lay out every option that a settings file can set."""
    columns = (Column("Option"), Column("Value"), Column("Given by"))
    rows = tuple((name, _written(value), place) for name, value, place in _rows(settings, given))
    return Document("Settings in force", (Section(grid=Grid(columns, rows)),))


def write(settings: Settings, given: Mapping[str, Given]) -> str:
    """Write the same as JSON."""
    rows = [{"name": n, "value": v, "given_by": place} for n, v, place in _rows(settings, given)]
    return dump({"schema": "gapcalc.config/1", "settings": rows})


def _rows(settings: Settings, given: Mapping[str, Given]) -> Iterator[Row]:
    for declared in declarations():
        if "file" in declared.option.where:
            value = getattr(settings, declared.name)
            place = given[declared.name].place if declared.name in given else "default"
            yield declared.name, _plain(value), place


def _plain(value: object) -> str | int | float | bool | list[str] | None:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
