"""The command `schema`: what does a JSON output, or the settings file, look like exactly?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver
from gapcalc.errors import UsageError, nearest
from gapcalc.reports.schema import SCHEMAS


def run(call: Call) -> int:
    """Print the JSON Schema of a command's output or of the settings file."""
    name = call.arguments[0] if call.arguments else ""
    if not name:
        raise UsageError(f"no name of a schema. Name one of {', '.join(SCHEMAS)}")
    if name not in SCHEMAS or len(call.arguments) > 1:
        known = f"there are {', '.join(SCHEMAS)}"
        raise UsageError(f"no schema {' '.join(call.arguments)!r}; {nearest(name, SCHEMAS, known)}")
    deliver(SCHEMAS[name]())
    return 0
