"""Says in sentences what bears on the answer: rules, KD, pace, site strength, confidence."""

from collections.abc import Iterator

from gapcalc.reports.document import count_pages
from gapcalc.reports.views.vendors import every_page
from gapcalc.results import GapResult, KdBenchmark, KeywordResult, PlanOutline
from gapcalc.text import show
from gapcalc.words import vendor_name


def facts(result: GapResult, answer: KeywordResult) -> Iterator[str]:
    yield from _waterfall(result, answer)
    yield from _vendors(answer)
    if answer.benchmark is not None:
        yield _scale_fact(answer.benchmark)
    if answer.plan is not None and answer.gap.to_median:
        yield _plan_fact(answer.plan)
    sites = answer.site_strength
    if sites is not None:
        similar = (
            f"; the {sites.similar_n} sites within 20 points have a median of {show(sites.similar_median)}"
            if sites.similar_median is not None
            else ""
        )
        yield f"Site strength: {sites.metric} {sites.own:g}, the median site has {sites.median:g}{similar}."
    figures = answer.goals
    yield f"Confidence: {figures.confidence}, {figures.confidence_reason}."


def _vendors(answer: KeywordResult) -> Iterator[str]:
    shared = [page.shared for page in every_page(answer) if page.shared is not None]
    vendors = {vendor for page in every_page(answer) for vendor in page.by_vendor or {}}
    if shared:
        yield (
            f"Links of {' and '.join(map(vendor_name, sorted(vendors)))} are counted together; "
            f"{show(sum(shared))} domains are known to more than one of them."
        )


def _scale_fact(scale: KdBenchmark) -> str:
    if scale.over is not None:
        about = f" (about {show(scale.rd)} if the curve continues)"
        amount = f"over {show(scale.over)}{'' if scale.over == scale.rd else about}"
        return f"KD {scale.kd:g}: {amount} referring domains, scale of {scale.scale}; compare with raw."
    band = f"{show(scale.low or 0)}-{show(scale.high or 0)}"
    return (
        f"KD {scale.kd:g}: about {show(scale.rd)} referring domains ({band}), "
        f"scale of {scale.scale}; compare with raw."
    )


def _plan_fact(plan: PlanOutline) -> str:
    low, high = plan.pace.low, plan.pace.high
    slow, fast = plan.months.low, plan.months.high
    pace = f"{low:g}" if low == high else f"{low:g}-{high:g}"
    months = f"{fast}" if fast == slow else f"{fast}-{slow}"
    return (
        f"Pace: at {pace} new domains a month ({plan.pace_source}) the gap takes {months} "
        f"{'month' if months == '1' else 'months'}, if rivals stand still and the site's whole pace "
        "goes to this page."
    )


def _waterfall(result: GapResult, answer: KeywordResult) -> Iterator[str]:
    listed = [page for page in answer.pages if page.comparable and page.listed is not None]
    if not listed:
        return
    total, kept = sum(page.listed or 0 for page in listed), sum(page.kept or 0 for page in listed)
    steps = "".join(f" - {rule} {show(count)}" for rule, count in answer.waterfall.items() if count)
    yield f"Rules ({result.method.profile}): {show(total)} domains{steps} = {show(kept)} kept over {count_pages(len(listed))}."
    files = sum(item.kind in {"links", "domains"} for item in result.inputs)
    lacking: dict[int, list[str]] = {}
    for rule in result.method.rules:
        if rule.not_applicable_to:
            lacking.setdefault(len(rule.not_applicable_to), []).append(rule.id)
    for count, rules in sorted(lacking.items(), reverse=True):
        which = "every file" if count == files else f"{count} of {files} files"
        yield f"Not applicable, for want of a column in {which}: {', '.join(rules)}."
    unjudged = sum(page.unjudged or 0 for page in listed)
    if unjudged:
        yield f"{show(unjudged)} links passed only because a value was unknown."
    lost = sum(page.set_aside.lost for page in listed if page.set_aside)
    internal = sum(page.set_aside.internal for page in listed if page.set_aside)
    yield f"Set aside before counting: {show(lost)} lost and {show(internal)} internal links."
