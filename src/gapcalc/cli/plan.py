"""The command `plan`: how long does it take until the gap is closed, and what does it cost?"""

from gapcalc.cli.cover import hand_over
from gapcalc.cli.options import Call
from gapcalc.cli.output import (
    check_chart,
    deliver,
    deliver_chart,
    judge,
    today,
    write_answer,
)
from gapcalc.cli.progress import working
from gapcalc.commands.plan import answer_plan
from gapcalc.errors import UsageError
from gapcalc.outputs import format_for
from gapcalc.reports.views.plan import report


def run(call: Call) -> int:
    """Plan how the gaps are closed; 1 or 4 says that a limit is not kept."""
    settings = call.settings
    if not call.arguments and not settings.links_for:
        raise UsageError("no input. Name a SERP export or link exports; see gapcalc plan --help")
    check_chart(settings)
    form = format_for(settings.output, settings.format)
    with working(settings) as workspace:
        planned = answer_plan(call.arguments, settings, today(), workspace)
    result, problems, _ = planned.answered
    said = report(planned.result)
    if form.sent:
        from gapcalc.reports.views import gap

        said = said._replace(beside={"gap": gap.report(result)})
    said = hand_over("plan", said, planned.result.as_of, call)
    text = write_answer(said, settings, result.inputs, problems, result.unanswered)
    deliver(text, settings.output, bom=form.bom)
    if settings.chart:
        from gapcalc.reports.views.pictures import plan_picture

        deliver_chart(plan_picture(planned.result), settings.chart)
    return judge(planned.answered, settings)
