"""Runs the tool as ``python -m gapcalc``."""

from gapcalc.cli import run

if __name__ == "__main__":
    run()
