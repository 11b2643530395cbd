"""The command `config`: which settings are in force, and where were they given?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, drawn
from gapcalc.reports.views.config import view, write


def run(call: Call) -> int:
    """Show every option that is set."""
    shown = call.settings, call.given
    deliver(write(*shown) if call.settings.json else drawn(view(*shown)))
    return 0
