"""The command `audit`: what is my link profile worth, and why does each link count or not?"""

from dataclasses import replace

from gapcalc.cli.cover import hand_over
from gapcalc.cli.options import Call
from gapcalc.cli.output import (
    check_chart,
    deliver,
    deliver_chart,
    tell,
    today,
    write_answer,
)
from gapcalc.cli.progress import working
from gapcalc.commands.audit import audit
from gapcalc.errors import UsageError
from gapcalc.outputs import format_for
from gapcalc.reports.views.audit import report


def run(call: Call) -> int:
    """Audit from files; a disavow file is written only if it was asked for."""
    settings = call.settings
    if not call.arguments and not settings.links_for:
        raise UsageError("no input. Name link exports; see gapcalc audit --help")
    if settings.disavow and settings.disavow == settings.output:
        raise UsageError(f"--disavow {settings.disavow}: the answer is written to the same file")
    check_chart(settings)
    form = format_for(settings.output, settings.format)
    if form.sent:  # it says of every link what became of it
        settings = replace(settings, links=True)
    with working(settings) as workspace:
        found = audit(call.arguments, settings, today(), workspace)
    said = hand_over("audit", report(found.result), found.result.as_of, call)
    text = write_answer(said, settings, found.result.inputs, found.problems)
    if settings.disavow:
        from gapcalc.reports.disavow import WARNING, write_disavow

        deliver(write_disavow(found.result), settings.disavow, option="--disavow")
        tell(f"--disavow {settings.disavow}: {WARNING}")
    deliver(text, settings.output, bom=form.bom)
    if settings.chart:
        from gapcalc.reports.views.pictures import audit_picture

        deliver_chart(audit_picture(found.result), settings.chart)
    return 0
