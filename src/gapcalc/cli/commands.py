"""What each command does: checks what was typed, gets the answer, and delivers it.

What only one command needs is imported for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gapcalc.analyses.candidates import is_of_host
from gapcalc.cli.answer import check, cover_of, deliver_answer, judge, require_input
from gapcalc.cli.options import Call
from gapcalc.cli.output import (
    deliver,
    deliver_made,
    print_report,
    silent,
    tell,
    tell_inputs,
    today,
    write_answer,
)
from gapcalc.cli.progress import working
from gapcalc.errors import UsageError, nearest
from gapcalc.outputs import Output
from gapcalc.urls import page_of
from gapcalc.workspace import Workspace, private_workspace

if TYPE_CHECKING:
    from gapcalc.commands.gap import Answered
    from gapcalc.reports.document import Report
    from gapcalc.results.gap import GapResult

_SERP_OR_LINKS = "a SERP export or link exports"


def gap(call: Call) -> int:
    """Answer from files, or from what --provider gives; 1 or 4 says that a limit is not kept."""
    settings = call.settings
    fetches = call.was_typed("provider")
    if fetches and settings.dry_run:
        from gapcalc.cli.fetch import show_cost

        return show_cost(call)
    form = check("gap", call, None if fetches else _SERP_OR_LINKS)
    with working(settings) as workspace:
        inputs = _fetched(call, workspace) if fetches else call.arguments
        answered, said = _answer_gap(inputs, call, form, workspace)
    result = answered.result
    text = write_answer(said, settings, result.inputs, answered.problems, result.unanswered)
    if not settings.quiet:
        _tell_unmatched(call, result)
    deliver_answer("gap", text, result, settings)
    return judge(answered, settings)


def _tell_unmatched(call: Call, result: "GapResult") -> None:
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


def _fetched(call: Call, workspace: Workspace) -> Sequence[str]:
    from gapcalc.cli.fetch import fetch_for_gap

    return fetch_for_gap(call, workspace)


def _answer_gap(
    inputs: Sequence[str], call: Call, form: Output, workspace: Workspace
) -> "tuple[Answered, Report]":
    """Answer; what is sent to somebody has the leads and the plan beside it, if there are any."""
    from gapcalc.commands.gap import answer_gap
    from gapcalc.reports.views.gap import report

    settings = call.settings
    if not form.sent:
        # The table shows rivals' growth only among the details.
        with_rivals = settings.details or form.name != "table"
        answered = answer_gap(inputs, settings, today(), workspace, with_rivals=with_rivals)
        return answered, report(answered.result, details=settings.details, kind=settings.rows)

    from gapcalc.commands.deliverable import compose
    from gapcalc.reports.views import plan as plans
    from gapcalc.reports.views import prospects as leads

    found = compose(inputs, settings, today(), workspace)
    beside = {}
    if found.leads is not None:
        beside["prospects"] = leads.report(found.leads)
    if found.plan is not None:
        beside["plan"] = plans.report(found.plan)
    result = found.answered.result
    said = report(result, details=settings.details)._replace(
        beside=beside, left_out=found.left_out, cover=cover_of("gap", result.as_of, call)
    )
    return found.answered, said


def plan(call: Call) -> int:
    """Plan how the gaps are closed; 1 or 4 says that a limit is not kept."""
    from gapcalc.commands.plan import answer_plan
    from gapcalc.reports.views.plan import report

    settings = call.settings
    form = check("plan", call, _SERP_OR_LINKS)
    with working(settings) as workspace:
        planned = answer_plan(call.arguments, settings, today(), workspace)
    result, problems, _ = planned.answered
    said = report(planned.result)
    if form.sent:
        from gapcalc.reports.views import gap as gaps

        said = said._replace(beside={"gap": gaps.report(result)})
    said = said._replace(cover=cover_of("plan", planned.result.as_of, call))
    text = write_answer(said, settings, result.inputs, problems, result.unanswered)
    deliver_answer("plan", text, planned.result, settings)
    return judge(planned.answered, settings)


def prospects(call: Call) -> int:
    """Find the leads in files."""
    from gapcalc.commands.prospects import find_prospects
    from gapcalc.reports.views.prospects import report

    settings = call.settings
    check("prospects", call, "a SERP export and link exports")
    with working(settings) as workspace:
        found = find_prospects(call.arguments, settings, today(), workspace)
    cover = cover_of("prospects", found.result.as_of, call)
    said = report(found.result)._replace(cover=cover)
    text = write_answer(said, settings, found.result.inputs, found.problems)
    deliver_answer("prospects", text, found.result, settings)
    return 0


def audit(call: Call) -> int:
    """Audit from files; a disavow file is written only if it was asked for."""
    from gapcalc.commands.audit import audit
    from gapcalc.reports.views.audit import WARNING, report, write_disavow

    settings = call.settings
    form = check("audit", call, "link exports")
    if form.sent:  # it says of every link what became of it
        settings = replace(settings, links=True)
    with working(settings) as workspace:
        found = audit(call.arguments, settings, today(), workspace)
    cover = cover_of("audit", found.result.as_of, call)
    said = report(found.result)._replace(cover=cover)
    text = write_answer(said, settings, found.result.inputs, found.problems)
    if settings.disavow:
        deliver(write_disavow(found.result), settings.disavow, option="--disavow")
        tell(f"--disavow {settings.disavow}: {WARNING}")
    deliver_answer("audit", text, found.result, settings)
    return 0


def fetch(call: Call) -> int:
    """Fetch into a folder, or show what that costs or what is left at the provider."""
    from gapcalc.cli.fetch import run

    return run(call)


def export(call: Call) -> int:
    """Write the inputs in our own formats, to a file, an archive or a folder."""
    from gapcalc.commands.export import export_inputs

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


def benchmark(call: Call) -> int:
    """Show the KD scale, and what it says for a KD or a number of referring domains."""
    from gapcalc.commands.benchmark import find_benchmark
    from gapcalc.reports.views.benchmark import report

    settings = call.settings
    found = find_benchmark(settings.kd, settings.rd, settings.kd_scale)
    return print_report(report(found), json=settings.json)


def formats(call: Call) -> int:
    """List every export that is read."""
    from gapcalc.reports.views.formats import report

    return print_report(report(), json=call.settings.json)


def rules(call: Call) -> int:
    """Explain each quality rule."""
    from gapcalc.reports.views.rules import report

    return print_report(report(), json=call.settings.json)


def config(call: Call) -> int:
    """Show every option that is set."""
    from gapcalc.reports.views.config import report

    return print_report(report(call.settings, call.given), json=call.settings.json)


def schema(call: Call) -> int:
    """Print the JSON Schema of a command's output or of the settings file."""
    from gapcalc.reports.data import SCHEMAS

    name = call.arguments[0] if call.arguments else ""
    if not name:
        raise UsageError(f"no name of a schema. Name one of {', '.join(SCHEMAS)}")
    if name not in SCHEMAS or len(call.arguments) > 1:
        known = f"there are {', '.join(SCHEMAS)}"
        raise UsageError(f"no schema {' '.join(call.arguments)!r}; {nearest(name, SCHEMAS, known)}")
    deliver(SCHEMAS[name]())
    return 0
