"""How many referring domains does this page need to compete for this keyword?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gapcalc.api import GapResult, Settings, find_gap

__version__ = "0.1.0"
__all__ = ["GapResult", "Settings", "find_gap"]


def __getattr__(name: str) -> object:
    """Import the Python interface when it is asked for: the command line starts without it."""
    if name in __all__:
        from gapcalc import api

        return getattr(api, name)
    raise AttributeError(f"module 'gapcalc' has no attribute {name!r}")
