"""The options that say what is fetched from a provider, shared by `fetch` and `gap`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gapcalc.words import Depth, ProviderName


def _option(text: str, *names: str, **more: Any) -> Any:  # noqa: ANN401  (typer's own types are that wide)
    return typer.Option(*names, help=text, rich_help_panel="Fetching", **more)


Provider = Annotated[ProviderName | None, _option("Whom to ask.")]
Country = Annotated[str | None, _option("The country of the SERP. (default: US)", metavar="CC")]
DepthOf = Annotated[
    Depth | None, _option("Counts per page only, or the links as well. (default: counts)")
]
MaxRows = Annotated[
    int | None, _option("The most links of a page. (default: 1000)", min=1, metavar="N")
]
OnePerDomain = Annotated[
    bool | None, _option("One link of each domain: cheaper, and less sure what a rule drops.")
]
MaxUnits = Annotated[
    float | None, _option("Spend no more than this, in the provider's unit.", min=0, metavar="N")
]
Yes = Annotated[bool, _option("Spend without asking.", "--yes", show_default=False)]
Refresh = Annotated[
    bool, _option("Ask again what is in the cache.", "--refresh", show_default=False)
]
Offline = Annotated[
    bool, _option("Ask nothing; take all from the cache.", "--offline", show_default=False)
]
DryRun = Annotated[
    bool, _option("Show what it would cost, and ask nothing.", "--dry-run", show_default=False)
]
CacheFolder = Annotated[
    Path | None, _option("Where answers are kept. (default: the user's cache folder)", "--cache")
]
CacheDays = Annotated[
    int | None, _option("How long answers are kept. (default: 7)", min=1, max=30, metavar="N")
]
