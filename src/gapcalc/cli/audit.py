"""The command `audit`: what is my link profile worth, and why does each link count or not?"""

from dataclasses import replace

from gapcalc.cli.answer import check_files, deliver_answer, hand_over, require_input
from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, tell, today, write_answer
from gapcalc.cli.progress import working
from gapcalc.commands.audit import audit
from gapcalc.outputs import format_for
from gapcalc.reports.views.audit import report


def run(call: Call) -> int:
    """Audit from files; a disavow file is written only if it was asked for."""
    settings = call.settings
    require_input("audit", call, "link exports")
    check_files(settings)
    if format_for(settings.output, settings.format).sent:  # it says of every link what became of it
        settings = replace(settings, links=True)
    with working(settings) as workspace:
        found = audit(call.arguments, settings, today(), workspace)
    said = hand_over("audit", report(found.result), found.result.as_of, call)
    text = write_answer(said, settings, found.result.inputs, found.problems)
    if settings.disavow:
        from gapcalc.reports.disavow import WARNING, write_disavow

        deliver(write_disavow(found.result), settings.disavow, option="--disavow")
        tell(f"--disavow {settings.disavow}: {WARNING}")
    deliver_answer("audit", text, found.result, settings)
    return 0
