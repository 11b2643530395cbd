"""The command `export`: what was understood of these files?"""

from pathlib import Path

from gapcalc.cli.answer import require_input
from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver_made, silent, tell, tell_inputs
from gapcalc.commands.export import export_inputs
from gapcalc.errors import UsageError
from gapcalc.workspace import private_workspace


def run(call: Call) -> int:
    """Write the inputs in our own formats, to a file, an archive or a folder."""
    settings = call.settings
    require_input("export", call, "one or more files")
    if settings.export_to is None:
        raise UsageError("no output. Name one with -o: NAME.csv, NAME.parquet, NAME.zip or DIR/")
    with private_workspace(silent if settings.quiet else tell) as workspace:
        made = export_inputs(call.arguments, settings, settings.export_to, workspace)
        if not settings.quiet:
            tell_inputs(made.inputs, made.problems, verbose=settings.verbose > 0)
        deliver_made(made.path, Path(settings.export_to))
    return 0
