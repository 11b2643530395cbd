"""The reports to hand over: one module per command, and the parts they share."""

from collections.abc import Callable, Mapping

from gapcalc.reports.document import FullReport, Report
from gapcalc.reports.whole import audit, gap, plan, prospects
from gapcalc.results.audit import AuditResult
from gapcalc.results.gap import GapResult
from gapcalc.results.plan import PlanResult
from gapcalc.results.prospects import ProspectsResult

_COMPOSERS: Mapping[type, Callable[..., FullReport]] = {
    GapResult: gap.compose,
    ProspectsResult: prospects.compose,
    AuditResult: audit.compose,
    PlanResult: plan.compose,
}


def compose(report: Report) -> FullReport:
    """Compose the report to hand over on a result, with what stands beside it."""
    beside: dict[str, object] = {name: one.data for name, one in report.beside.items()}
    if report.left_out:
        beside["left_out"] = report.left_out
    return _COMPOSERS[type(report.data)](report.data, **beside)
