"""Describes the inputs and the method, as the output names them."""

from collections.abc import Iterator, Sequence

from gapcalc.facts import LinkFile, Problem
from gapcalc.jobs.job import Job
from gapcalc.model import Input, Method, RuleUse
from gapcalc.readers.detect import Source
from gapcalc.readers.inputs import Skipped
from gapcalc.rules.base import ActiveRule


def describe_inputs(
    job: Job,
    files: Sequence[LinkFile],
    problems: Sequence[Problem],
) -> tuple[Input, ...]:
    by_number = {file.input: file for file in files}
    return tuple(
        _skipped(item)
        if isinstance(item, Skipped)
        else _input(job, number, item, by_number.get(number), problems)
        for number, item in enumerate(job.found)
    )


def _skipped(item: Skipped) -> Input:
    return Input(item.name, None, None, None, None, 0, None, f"skipped: {item.reason}")


def _input(
    job: Job, number: int, item: Source, file: LinkFile | None, problems: Sequence[Problem]
) -> Input:
    name, serp = item.sheet.name, job.serps.get(number)
    notes = [note for note in (item.sheet.origin.note, file and file.cut) if note]
    if file and number in job.bound:
        notes.append(f"bound to {job.bound[number]}")
    if serp and serp.features:
        notes.append(f"{serp.features} rows of SERP features name no page")
    return Input(
        name=name,
        format=item.export.id,
        vendor=item.export.vendor,
        kind=item.export.kind,
        rows=file.rows if file else serp.records if serp else None,
        problems=sum(problem.input == name for problem in problems),
        complete=False if file and file.cut else None,
        note="; ".join(notes) or None,
    )


def unbound_files(job: Job, files: Sequence[LinkFile]) -> Iterator[str]:
    for file in files:
        item = job.found[file.input]
        if file.elsewhere and isinstance(item, Source):
            yield (
                f"{item.sheet.name} is not used: no link in it goes to a page that is compared, "
                f"only to others such as {', '.join(file.elsewhere)}"
            )
        if file.unbound and isinstance(item, Source):
            yield (
                f"{item.sheet.name} does not say which page its links point to, so it is not counted: "
                f"add --links-for URL={item.sheet.name}"
            )


def describe_method(job: Job, files: Sequence[LinkFile]) -> Method:
    names = {
        number: item.sheet.name for number, item in enumerate(job.found) if isinstance(item, Source)
    }

    def use(active: ActiveRule) -> RuleUse:
        lacking = tuple(names[file.input] for file in files if active.id not in file.rules)
        return RuleUse(active.id, dict(active.parameters), bool(files) and not lacking, lacking)

    return Method(
        statistic="median",
        top=job.settings.top,
        tolerance=job.settings.tolerance,
        profile=job.settings.profile,
        suffixes=job.suffixes.section,
        rules=tuple(map(use, job.active)),
    )
