"""The command `plan`: how long does it take until the gap is closed, and what does it cost?"""

from gapcalc.cli.answer import check_files, deliver_answer, hand_over, judge, require_input
from gapcalc.cli.options import Call
from gapcalc.cli.output import today, write_answer
from gapcalc.cli.progress import working
from gapcalc.commands.plan import answer_plan
from gapcalc.outputs import format_for
from gapcalc.reports.views.plan import report


def run(call: Call) -> int:
    """Plan how the gaps are closed; 1 or 4 says that a limit is not kept."""
    settings = call.settings
    require_input("plan", call, "a SERP export or link exports")
    check_files(settings)
    with working(settings) as workspace:
        planned = answer_plan(call.arguments, settings, today(), workspace)
    result, problems, _ = planned.answered
    said = report(planned.result)
    if format_for(settings.output, settings.format).sent:
        from gapcalc.reports.views import gap

        said = said._replace(beside={"gap": gap.report(result)})
    said = hand_over("plan", said, planned.result.as_of, call)
    text = write_answer(said, settings, result.inputs, problems, result.unanswered)
    deliver_answer("plan", text, planned.result, settings)
    return judge(planned.answered, settings)
