"""Puts the helpers of the tests within reach, and lets golden files be written anew."""

import gc
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, settings

sys.path.insert(0, str(Path(__file__).parent))

# How long an example takes is for the benchmarks to say; a busy machine is no failure. A failing
# example is shown as it was found: making it smaller takes minutes (--hypothesis-profile=smallest).
settings.register_profile("gapcalc", deadline=None, phases=set(Phase) - {Phase.shrink})
settings.register_profile("smallest", deadline=None)
settings.load_profile("gapcalc")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write fixtures/reports anew from the output"
    )


def pytest_configure() -> None:
    # A shell starts what runs in the background with Ctrl-C ignored, and every process that a test
    # starts would inherit that: the tests that send it would wait for nothing.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    # What hypothesis hangs into the collector keeps the engine's classes alive to the very last,
    # and the engine complains of that below the closing line.
    gc.callbacks.clear()
