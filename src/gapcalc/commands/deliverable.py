"""Puts together what is sent to a client: the gap, the leads and the plan of the same inputs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gapcalc.analyses.keywords import known_need
from gapcalc.commands.gap import Answered, answer_job
from gapcalc.commands.plan import plan_for
from gapcalc.commands.prepare import Job, prepare
from gapcalc.commands.prospects import prospects_of
from gapcalc.results.plan import PlanResult
from gapcalc.results.prospects import ProspectsResult
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace


class Deliverable(NamedTuple):
    """The gap answer, which lists the domains of every page, with leads and a plan where there are any.

    `left_out` says which of these is missing, and why.
    """

    answered: Answered
    leads: ProspectsResult | None
    plan: PlanResult | None
    left_out: tuple[str, ...]


def compose(
    names: Sequence[str], settings: Settings, today: date, workspace: Workspace
) -> Deliverable:
    """Answer the gap question for the named inputs, and find the leads and the plan in the same.

    The inputs are opened once; links are loaded a second time for the leads. Raises GapcalcError
    for whatever the user can mend, but not for leads or a plan that cannot be given.
    """
    job = prepare(names, settings, workspace)
    job = job._replace(question=job.question._replace(list_domains=True))
    answered = answer_job(job, today, workspace)
    no_leads, no_plan = _why_no_leads(job), _why_no_plan(answered)
    return Deliverable(
        answered,
        None if no_leads else prospects_of(_quiet(job), today, workspace).result,
        None if no_plan else plan_for(answered, settings).result,
        tuple(reason for reason in (no_leads, no_plan) if reason),
    )


def _why_no_leads(job: Job) -> str | None:
    question, rows = job.question, job.targets.rows.values()
    named = (question.target, question.site, *(row.target for row in rows))
    if len({target.domain for target in named if target}) != 1:
        return "Leads are left out: they need one site of yours, --target URL or --site DOMAIN."
    if not job.link_sources:
        return "Leads are left out: there are no lists of links that tell who links to the pages."
    return None


def _why_no_plan(answered: Answered) -> str | None:
    needs = [known_need(answer) for answer in answered.result.keywords]
    if all(need is None for need in needs):
        return "A plan is left out: your page or its count is unknown, and so is the need."
    if not any(needs):
        return "A plan is left out: no page needs more domains."
    return None


def _quiet(job: Job) -> Job:
    """Leave --explain to the gap, whose statements its file holds."""
    return job._replace(settings=replace(job.settings, explain=None))
