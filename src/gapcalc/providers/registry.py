"""Every provider there is, by name."""

from collections.abc import Callable, Mapping

from gapcalc.providers import ahrefs, dataforseo, semrush
from gapcalc.providers.steps import Provider, Terms
from gapcalc.words import ProviderName

PROVIDERS: Mapping[ProviderName, Callable[[Terms], Provider]] = {
    "ahrefs": ahrefs.declare,
    "semrush": semrush.declare,
    "dataforseo": dataforseo.declare,
}
