"""Runs the tool as ``python -m gapcalc``."""

import gc
import signal


def run() -> None:
    """Run the command line; Ctrl-C while it is imported ends the process without a traceback."""
    # A run makes few cycles and ends soon; looking for them takes longer than they are large.
    gc.disable()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from gapcalc import cli  # noqa: PLC0415  (what it imports takes a while)

    cli.run()


if __name__ == "__main__":
    run()
