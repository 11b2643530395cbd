"""Every provider by its name, and every country by its code."""

from collections.abc import Callable, Mapping

from gapcalc import data
from gapcalc.errors import UsageError
from gapcalc.providers import ahrefs, dataforseo, semrush
from gapcalc.providers.base import Market, Provider, Terms
from gapcalc.words import SAME_COUNTRIES, ProviderName

_FIRST_LOCATION = 2000
"""DataForSEO's location code of a country is this and its ISO 3166-1 number."""


def market(code: str) -> Market:
    """Give the country of an ISO code; `uk` is `gb`, `usa` is `us`. Raises UsageError.

    >>> market("USA").code, market("uk").code
    ('US', 'GB')
    """
    known = data.load("countries")["countries"]
    plain = SAME_COUNTRIES.get(code.strip().casefold(), code.strip().casefold())
    if plain not in known:
        codes = ", ".join(sorted(known)).upper()
        raise UsageError(f"--country {code}: there is no such country; known are {codes}")
    entry = known[plain]
    return Market(
        code=plain.upper(),
        ahrefs=plain,
        semrush=entry.get("semrush"),
        location=_FIRST_LOCATION + entry["number"],
        language=entry["language"],
    )


PROVIDERS: Mapping[ProviderName, Callable[[Terms], Provider]] = {
    "ahrefs": ahrefs.declare,
    "semrush": semrush.declare,
    "dataforseo": dataforseo.declare,
}
