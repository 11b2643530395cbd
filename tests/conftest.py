"""Makes the test helpers importable, and adds --update-golden."""

import gc
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, settings

sys.path.insert(0, str(Path(__file__).parent))

# No deadline: the benchmarks measure time, and a busy machine is not a failure. A failing example
# is shown unshrunk, since shrinking takes minutes (--hypothesis-profile=smallest).
settings.register_profile("gapcalc", deadline=None, phases=set(Phase) - {Phase.shrink})
settings.register_profile("smallest", deadline=None)
settings.load_profile("gapcalc")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write fixtures/reports anew from the output"
    )


def pytest_configure() -> None:
    # A shell starts background jobs with Ctrl-C ignored, and nohup with SIGHUP. Every process that
    # a test starts would inherit that: tests that send these signals would wait forever.
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Tests that take seconds come first, so that no processor waits for one of them at the end.
    first = {"test_recipes.py", "test_html_in_a_browser.py", "test_html.py"}
    items.sort(key=lambda item: item.path.name not in first)


def pytest_collection_finish() -> None:
    # The garbage collector need not look through thousands of collected tests again and again.
    gc.freeze()


def pytest_unconfigure() -> None:
    # hypothesis registers callbacks with the garbage collector. They keep the engine's classes
    # alive until exit, and the engine complains of that below pytest's last line.
    gc.callbacks.clear()
