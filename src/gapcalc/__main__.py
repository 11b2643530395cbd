"""Runs the tool as ``python -m gapcalc``."""

from gapcalc.cli import main

if __name__ == "__main__":
    main()
