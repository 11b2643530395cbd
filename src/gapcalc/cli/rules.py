"""The command `rules`: which links count, and why do the others not?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, drawn
from gapcalc.reports.views.rules import view, write


def run(call: Call) -> int:
    """Explain each quality rule."""
    deliver(write() if call.settings.json else drawn(view()))
    return 0
