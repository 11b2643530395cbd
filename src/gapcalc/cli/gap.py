"""The command `gap`: how many referring domains does my page lack for this keyword?"""

from collections.abc import Sequence

from gapcalc.analyses.candidates import is_of_host
from gapcalc.cli.answer import check_files, deliver_answer, hand_over, judge, require_input
from gapcalc.cli.options import Call
from gapcalc.cli.output import tell, today, write_answer
from gapcalc.cli.progress import working
from gapcalc.commands.gap import Answered, answer_gap
from gapcalc.outputs import format_for
from gapcalc.reports.document import Report
from gapcalc.reports.views.gap import report
from gapcalc.results.gap import GapResult
from gapcalc.urls import page_of
from gapcalc.workspace import Workspace


def run(call: Call) -> int:
    """Answer from files, or from what --provider gives; 1 or 4 says that a limit is not kept."""
    settings = call.settings
    fetches = call.was_typed("provider")
    if not fetches:
        require_input("gap", call, "a SERP export or link exports")
    if fetches and settings.dry_run:
        from gapcalc.cli.fetch import show_cost

        return show_cost(call)
    check_files(settings)
    with working(settings) as workspace:
        inputs = _fetched(call, workspace) if fetches else call.arguments
        answered, said = _answer(inputs, call, workspace)
    return _write(answered, said, call)


def _fetched(call: Call, workspace: Workspace) -> Sequence[str]:
    from gapcalc.cli.fetch import fetch_for_gap

    return fetch_for_gap(call, workspace)


def _answer(inputs: Sequence[str], call: Call, workspace: Workspace) -> tuple[Answered, Report]:
    settings = call.settings
    form = format_for(settings.output, settings.format)
    if form.sent:
        return _compose(inputs, call, workspace)
    # The table shows rivals' growth only among the details.
    with_rivals = settings.details or form.name != "table"
    answered = answer_gap(inputs, settings, today(), workspace, with_rivals=with_rivals)
    return answered, report(answered.result, details=settings.details, kind=settings.rows)


def _write(answered: Answered, said: Report, call: Call) -> int:
    settings, result = call.settings, answered.result
    text = write_answer(said, settings, result.inputs, answered.problems, result.unanswered)
    if not settings.quiet:
        _tell_unmatched(call, result)
    deliver_answer("gap", text, result, settings)
    return judge(answered, settings)


def _tell_unmatched(call: Call, result: GapResult) -> None:
    """Name pages that were typed and are none of the answer; a settings file may hold more."""
    pages = [page.page for one in result.keywords for page in one.pages]
    own = [one.target_page.page for one in result.keywords if one.target_page]
    for bound in call.settings.links_for if call.was_typed("links_for") else ():
        if page_of(bound.rpartition("=")[0]) not in {*pages, *own}:
            tell(f"--links-for {bound}: no page here has this URL, so the file is not used")
    for text in call.settings.exclude if call.was_typed("exclude") else ():
        named = page_of(text) or ""
        found = named in pages if "/" in text else any(is_of_host(page, named) for page in pages)
        if not found:
            tell(f"--exclude {text}: no page here matches it. Check how it is written")


def _compose(inputs: Sequence[str], call: Call, workspace: Workspace) -> tuple[Answered, Report]:
    """Answer with the leads and the plan beside it, as far as there are any."""
    from gapcalc.commands.deliverable import compose
    from gapcalc.reports.views import plan, prospects

    settings = call.settings
    found = compose(inputs, settings, today(), workspace)
    beside = {}
    if found.leads is not None:
        beside["prospects"] = prospects.report(found.leads)
    if found.plan is not None:
        beside["plan"] = plan.report(found.plan)
    result = found.answered.result
    main = report(result, details=settings.details, left_out=found.left_out)
    main = main._replace(beside=beside)
    return found.answered, hand_over("gap", main, result.as_of, call, left_out=found.left_out)
