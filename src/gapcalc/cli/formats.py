"""The command `formats`: which files are read, and how are they exported?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, drawn
from gapcalc.reports.views.formats import view, write


def run(call: Call) -> int:
    """List every export that is read."""
    deliver(write() if call.settings.json else drawn(view()))
    return 0
