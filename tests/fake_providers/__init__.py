"""Fake Ahrefs, Semrush and DataForSEO: real HTTP on loopback, one invented web, full records."""

from .ahrefs import FakeAhrefs
from .books import Books, Entry, Window
from .chaos import (
    DRIPPING,
    EVERYWHERE,
    HOLLOW,
    INNER,
    LOST,
    NOT_UNDERSTOOD,
    QUOTING,
    REFUSED,
    Chaos,
    Fault,
)
from .dataforseo import FakeDataForSEO
from .semrush import FakeSemrush
from .server import Provider
from .world import TARGET, Link, World

__all__ = [
    "DRIPPING",
    "EVERYWHERE",
    "HOLLOW",
    "INNER",
    "LOST",
    "NOT_UNDERSTOOD",
    "QUOTING",
    "REFUSED",
    "TARGET",
    "Books",
    "Chaos",
    "Entry",
    "FakeAhrefs",
    "FakeDataForSEO",
    "FakeSemrush",
    "Fault",
    "Link",
    "Provider",
    "Window",
    "World",
]
