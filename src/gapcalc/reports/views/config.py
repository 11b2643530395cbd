"""Lists the settings in force, and where each was given."""

from collections.abc import Iterator, Mapping

from gapcalc.given import Given
from gapcalc.reports.document import Document, Grid, GridColumn, Report, Section, Sentence
from gapcalc.settings import Settings, declarations

_DEFAULT = "default"
Value = str | int | float | bool | list[str] | None


def report(settings: Settings, given: Mapping[str, Given]) -> Report:
    """Give every option that a settings file can set, and where it was given."""
    rows = [
        {"name": n, "value": v, "given_by": place} for n, v, place in _settings(settings, given)
    ]
    return Report({"schema": "gapcalc.config/1", "settings": rows}, lambda: _view(settings, given))


def _view(settings: Settings, given: Mapping[str, Given]) -> Document:
    columns = (GridColumn("Option"), GridColumn("Value"), GridColumn("Given by"))
    rows = [(name, _written(value), place) for name, value, place in _settings(settings, given)]
    marked = sum(place != _DEFAULT for *_, place in rows)
    rows.sort(key=lambda row: row[2] == _DEFAULT)
    said = f"Set: {marked} of {len(rows)} options. They come first."
    lead = said if marked else f"All {len(rows)} options have their defaults."
    grid = Grid(columns, tuple(rows), frozenset(range(marked)))
    return Document("Settings in force", (Section(None, (Sentence(lead), grid)),))


def _settings(settings: Settings, given: Mapping[str, Given]) -> Iterator[tuple[str, Value, str]]:
    for declared in declarations():
        if "file" in declared.option.where:
            value = getattr(settings, declared.name)
            place = given[declared.name].place if declared.name in given else _DEFAULT
            yield declared.name, _plain(value), place


def _plain(value: object) -> Value:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _written(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
