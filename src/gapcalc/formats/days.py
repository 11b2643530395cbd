"""How exports write days: as ISO 8601, with or without a time, or with the day first."""

import re
from datetime import date

_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z| ?[+-][0-9]{2}:?[0-9]{2})?)?"
_DAY_FIRST = r"[0-9]{2}/[0-9]{2}/[0-9]{4}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"


def read_day(cell: str, *, day_first: bool = False) -> date | None:
    """Read a day in ISO form, or where `day_first` says so also as 31/01/2026; None if it is none.

    >>> read_day("2026-01-31 10:00"), read_day("31/01/2026", day_first=True)
    (datetime.date(2026, 1, 31), datetime.date(2026, 1, 31))
    """
    written = None
    if re.fullmatch(_ISO, cell, re.ASCII):
        written = cell[:10]
    elif day_first and re.fullmatch(_DAY_FIRST, cell, re.ASCII):
        written = f"{cell[6:10]}-{cell[3:5]}-{cell[:2]}"
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def day_sql(column: str, *, day_first: bool = False) -> str:
    """Give the SQL that reads the same."""
    cell = f"trim({column}, ' ')"
    iso = f"when regexp_full_match({cell}, '{_ISO}') then substr({cell}, 1, 10)"
    turned = f"concat(substr({cell}, 7, 4), '-', substr({cell}, 4, 2), '-', substr({cell}, 1, 2))"
    other = f"when regexp_full_match({cell}, '{_DAY_FIRST}') then {turned}" if day_first else ""
    written = f"case {iso} {other} end"
    # The year 0 is one to the engine and none to Python.
    return f"case when left({written}, 4) <> '0000' then try_cast({written} as date) end"
