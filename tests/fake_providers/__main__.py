"""Starts fake providers by hand, to try `gapcalc fetch` on without an account.

python -m tests.fake_providers ahrefs --chaos 0.3 --seed 7
"""

import argparse
import contextlib
import sys
import threading
from collections.abc import Sequence

from .ahrefs import KEY, FakeAhrefs
from .chaos import Chaos
from .dataforseo import LOGIN, PASSWORD, FakeDataForSEO
from .semrush import KEY as SEMRUSH_KEY
from .semrush import KEY_V4, FakeSemrush
from .server import Provider, Settings
from .world import TARGET, World

ENVIRONMENT = {
    "ahrefs": {"AHREFS_API_KEY": KEY},
    "semrush": {"SEMRUSH_API_KEY": SEMRUSH_KEY, "SEMRUSH_V4_KEY": KEY_V4},
    "dataforseo": {"DATAFORSEO_LOGIN": LOGIN, "DATAFORSEO_PASSWORD": PASSWORD},
}


def main(arguments: Sequence[str]) -> None:
    """Serve until interrupted; print where, and what to set."""
    asked = _parser().parse_args(arguments)
    names = list(ENVIRONMENT) if asked.provider == "all" else [asked.provider]
    world = World(seed=asked.seed, keywords=asked.keywords, rankings=asked.pages)
    with contextlib.ExitStack() as stack:
        for number, name in enumerate(names):
            chaos = Chaos(share=asked.chaos, seed=asked.seed)
            settings: Settings = {"chaos": chaos, "port": asked.port and asked.port + number}
            _introduce(stack.enter_context(_provider(name, world, settings)))
        first, last = world.phrases[0], world.phrases[-1]
        _say(f"\n# keywords: '{first}' to '{last}'; target: {TARGET}\n# Ctrl-C ends it")
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_providers", description=__doc__)
    parser.add_argument("provider", nargs="?", default="all", choices=[*ENVIRONMENT, "all"])
    parser.add_argument("--port", type=int, default=8901, help="of the first; 0 takes free ones")
    parser.add_argument("--chaos", type=float, default=0.0, help="share of answers that are faulty")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keywords", type=int, default=3)
    parser.add_argument("--pages", type=int, default=12, help="pages that rank per keyword")
    return parser


def _provider(name: str, world: World, settings: Settings) -> Provider:
    match name:
        case "ahrefs":
            return FakeAhrefs(world, units=800_000, **settings)
        case "semrush":
            return FakeSemrush(world, units=2_000_000, **settings)
        case _:
            return FakeDataForSEO(world, **settings)


def _introduce(provider: Provider) -> None:
    address = f"GAPCALC_{provider.name.upper()}_URL={provider.address}"
    keys = [f"{name}='{value}'" for name, value in ENVIRONMENT[provider.name].items()]
    _say(f"# {provider.name} at {provider.address}\nexport {' '.join([address, *keys])}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
