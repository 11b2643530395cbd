"""The charts of pictures, as Altair describes them.

Channels are objects: Altair takes long to find out what a text stands for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import altair as alt

from gapcalc.reports.document import Picture
from gapcalc.stats import apart
from gapcalc.text import show, with_bound

Place = Any  # a field, an axis or a value, as Altair takes them
Row = Mapping[str, str | int | float | bool | None]

INK = "#1b1b19"
_OWN = "#2f77d0"
"""The colour of what is yours: readable on white and on black, and a different grey in print."""
_LIGHT, _DARK = 0.2, 0.62
_WIDTH, _BAR, _TALL = 430, 24, 220
_DASHES, _GOAL_LINE = [4, 3], 15
_FAR, _CUT_AT = 3, 1.3
_FEW_MONTHS = 12
"""With more months, there is no room for the numbers; only the text has them."""
FONT = "Liberation Sans"
VEGA_CONFIG: Mapping[str, object] = {
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "title": {"anchor": "start", "frame": "bounds", "fontSize": 16, "offset": 16, "color": INK},
    "text": {"color": INK, "fontSize": 12},
    "axis": {
        **dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor", "gridColor"), INK),
        "gridOpacity": 0.12,
        "domainOpacity": 0.4,
        "tickOpacity": 0.4,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelLimit": 0,
    },
}


def _chart(rows: Iterable[Row]) -> alt.Chart:
    return alt.Chart({"values": [dict(row) for row in rows]})


def _whole(layers: Sequence[alt.Chart], *, height: int) -> alt.LayerChart:
    chart: alt.LayerChart = alt.LayerChart(layer=list(layers), width=_WIDTH, height=height)
    return chart


def _names(rows: Iterable[Row], field: str = "name") -> alt.Y:
    """Give the axis with a bar's name beside each bar, in the order of the rows."""
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8)
    return alt.Y(f"{field}:N", sort=[str(row[field]) for row in rows], title=None, axis=axis)


def _lengths(field: str, title: str | Sequence[str], form: str = ",~f") -> alt.X:
    """Give the axis for the lengths of bars."""
    axis = alt.Axis(tickCount=6, format=form, domain=False, ticks=False, labelPadding=6)
    return alt.X(f"{field}:Q", title=title, axis=axis)


def _heights(field: str, title: str | Sequence[str], said: str = "datum.label") -> alt.Y:
    """Give the axis for the heights of lines; `said` is how its numbers are written."""
    axis = alt.Axis(tickCount=5, format=",~f", domain=False, ticks=False, labelExpr=said)
    return alt.Y(f"{field}:Q", title=title, axis=axis)


def _bar(chart: alt.Chart, height: float = 0.62, **look: Place) -> alt.Chart:
    """Draw bars that fill this share of the height of their rows."""
    bars: alt.Chart = chart.mark_bar(height=alt.RelativeBandSize(height), **look)
    return bars


def _label(chart: alt.Chart, x: Place, y: Place, *, dx: int = 5, dy: int = 0) -> alt.Chart:
    """Write the `label` of each row to the right of a place, or to the left where `dx` says so."""
    side: Literal["left", "right"] = "left" if dx > 0 else "right"
    labels: alt.Chart = chart.mark_text(align=side, dx=dx, dy=dy, color=INK, fontSize=12).encode(
        x=x, y=y, text=alt.Text("label:N")
    )
    return labels


def _own_or_not(chart: alt.Chart, own: str = "datum.own") -> alt.Chart:
    """Fill with the colour for what is yours, or with dark ink."""
    coloured: alt.Chart = chart.encode(
        color=alt.condition(own, alt.value(_OWN), alt.value(INK)),
        opacity=alt.condition(own, alt.value(1), alt.value(_DARK)),
    )
    return coloured


def _of_kind(picture: Picture, kind: str) -> list[Row]:
    return [row for row in picture.rows if row["kind"] == kind]


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0


def _show(value: object) -> str:
    return show(_number(value))


def _bound(row: Row) -> str | None:
    return str(row["bound"]) if row["bound"] else None


def _pages(picture: Picture) -> alt.LayerChart:
    """Draw the goals and a bar for each page: counted domains dark, live domains light."""
    pages = [
        {**row, "label": _page_label(row), "bar": None if row["out"] else row["count"]}
        for row in _of_kind(picture, "page")
    ]
    measure = pages[0]["measure"]
    has_raw = any(row["raw"] is not None for row in pages)
    title = f"Referring domains: {measure}{' (dark) of live (light)' if has_raw else ''}"
    chart, y = _chart(pages), _names(pages)
    raw = _bar(chart, 0.72, color=INK, opacity=_LIGHT).encode(x=_lengths("raw", title), y=y)
    count = _bar(chart, 0.42).encode(x=alt.X("bar:Q"), y=y)
    layers = [raw, _own_or_not(count), _label(chart, alt.value(_WIDTH), y)]
    for goal in _staggered(_of_kind(picture, "goal")):
        line = _chart([goal])
        top = alt.value(-_GOAL_LINE * _number(goal["line"]) - 8)
        rule = line.mark_rule(color=INK, strokeDash=_DASHES).encode(
            x=alt.X("count:Q"), y=top, y2=alt.value("height")
        )
        layers += [rule, _label(line, alt.X("count:Q"), top, dx=4)]
    return _whole(layers, height=_BAR * len(pages))


def _staggered(goals: Sequence[Row]) -> list[Row]:
    """Put the label of each goal on its own line, the smallest goal on top."""
    order = sorted(goals, key=lambda goal: _number(goal["count"]))
    return [
        {**goal, "line": len(order) - 1 - place, "label": f"{goal['name']} {_said(goal)}"}
        for place, goal in enumerate(order)
    ]


def _said(goal: Row) -> str:
    return with_bound(_bound(goal), _show(goal["count"]))


def _page_label(row: Row) -> str:
    count, raw = row["count"], row["raw"]
    said = "unknown" if count is None else _show(count)
    if raw is not None and raw != count:
        said += f" of {_show(raw)}" if count is not None else f", {_show(raw)} live"
    mark = "  ◄ your page" if row["own"] else "  not compared" if row["out"] else ""
    return said + mark


def _waterfall(picture: Picture) -> alt.LayerChart:
    """Draw the live domains, those that each rule takes out, and the rest."""
    rows = [{**row, "label": _show(row["count"])} for row in picture.rows]
    chart, y = _chart(rows), _names(rows)
    bars = _bar(chart).encode(
        x=_lengths("from", "Referring domains of all compared pages"),
        x2=alt.X2("to:Q"),
        y=y,
        color=alt.ColorValue(INK),
        opacity=alt.condition("datum.total", alt.value(_DARK), alt.value(_LIGHT * 1.6)),
    )
    return _whole([bars, _label(chart, alt.X("to:Q"), y)], height=_BAR * len(rows))


def _kd(picture: Picture) -> alt.LayerChart:
    """Draw the curve of the KD scale, the keyword on it with its band, and the SERP's own median."""
    (point,) = _of_kind(picture, "point")
    x = alt.X("kd:Q", title="Ahrefs KD", axis=alt.Axis(grid=False, tickCount=8))
    curve = _chart(_of_kind(picture, "curve")).mark_line(color=INK, opacity=_DARK)
    layers = [curve.encode(x=x, y=_heights("rd", "Referring domains"))]
    for serp in _of_kind(picture, "serp"):
        line = _chart([{**serp, "label": f"raw median of this SERP: {_show(serp['rd'])}"}])
        rule = line.mark_rule(color=INK, strokeDash=_DASHES).encode(y=alt.Y("rd:Q"))
        layers += [rule, _label(line, alt.value(0), alt.Y("rd:Q"), dy=-8)]
    found = _chart([{**point, "label": f"KD {point['kd']:g}: about {_show(point['rd'])}"}])
    if point["low"] is not None:
        band = found.mark_rule(color=_OWN, strokeWidth=3, opacity=0.5)
        layers.append(band.encode(alt.X("kd:Q"), alt.Y("low:Q"), alt.Y2("high:Q")))
    at = alt.X("kd:Q"), alt.Y("rd:Q")
    dot = found.mark_point(color=_OWN, filled=True, size=90, opacity=1).encode(*at)
    return _whole([*layers, dot, _label(found, *at, dx=10, dy=12)], height=_TALL)


def _keywords(picture: Picture) -> alt.LayerChart:
    """Draw the domains that each keyword's page has and needs."""
    most = _longest([max(_number(row["goal"]), _number(row["own"])) for row in picture.rows])
    rows = [
        {
            **row,
            "has": min(most, _number(row["own"])),
            "end": min(most, max(_number(row["goal"]), _number(row["own"]))),
            "to": min(most, _number(row["goal"])),
            "label": _need_label(row, most),
        }
        for row in picture.rows
    ]
    chart, y = _chart(rows), _names(rows)
    title = "Referring domains: yours (dark) and needed up to the goal (light)"
    need = _bar(chart, color=INK, opacity=_LIGHT)
    need = need.encode(x=_lengths("has", title), x2=alt.X2("to:Q"), y=y)
    own = _bar(chart, color=_OWN).encode(x=alt.X("has:Q"), y=y)
    return _whole([need, own, _label(chart, alt.X("end:Q"), y)], height=_BAR * len(rows))


def _longest(ends: Sequence[float]) -> float:
    """Give the length at which bars are cut: one very long bar would make all others tiny."""
    longest, second = sorted([0.0, 0.0, *ends])[-1:-3:-1]
    return second * _CUT_AT if longest > second * _FAR and second else longest


def _need_label(row: Row, most: float) -> str:
    need = _number(row["need"])
    said = with_bound(_bound(row), f"+{show(need)}") if need else "none needed"
    if row["goal"] is not None and row["own"] is not None:
        said += f" ({_show(row['own'])} of {_show(row['goal'])})"
    return said + (", bar cut" if _number(row["goal"]) > most else "")


def _history(picture: Picture) -> alt.LayerChart:
    """Draw the domains won upwards and those lost downwards, with the others' medians as lines."""
    chart = _chart([_up_and_down(row) for row in picture.rows])
    compared, tells_lost = (
        any(row[field] is not None for row in picture.rows) for field in ("rivals_new", "lost")
    )
    title = [
        "Domains won (up) and lost (down)" if tells_lost else "Domains won",
        *(["lines: median of the compared lists"] if compared else []),
    ]
    room: Any = {"labelOverlap": "greedy", "labelPadding": 18, "labelSeparation": 14}
    axis = alt.Axis(labelAngle=0, ticks=False, domain=False, **room)
    scale = alt.Scale(paddingInner=0.3)
    x = alt.X("name:O", sort=None, title=None, axis=axis, scale=scale)
    y = _heights("new", title, "format(abs(datum.value), ',')")
    layers = [
        chart.mark_bar(color=_OWN).encode(x=x, y=y),
        chart.mark_bar(color=INK, opacity=0.4).encode(x=x, y=alt.Y("down:Q")),
        _chart([{"zero": 0}]).mark_rule(color=INK, opacity=_DARK).encode(y=alt.Y("zero:Q")),
    ]
    for field in ("rivals_new", "rivals_down") if compared else ():
        ticks = chart.mark_tick(color=INK, thickness=2, bandSize=14)
        layers.append(ticks.encode(x=x, y=alt.Y(f"{field}:Q")))
    few = len(picture.rows) <= _FEW_MONTHS
    for end, said, dy in (("new", "won", -8), ("down", "gone", 9)) if few else ():
        numbers = chart.mark_text(color=INK, fontSize=11, dy=dy)
        layers.append(numbers.encode(x=x, y=alt.Y(f"{end}:Q"), text=alt.Text(f"{said}:N")))
    return _whole(layers, height=_TALL)


def _up_and_down(row: Row) -> Row:
    lost, rivals = row["lost"], row["rivals_lost"]
    return {
        **row,
        "down": None if lost is None else -_number(lost),
        "rivals_down": None if rivals is None else -_number(rivals),
        "won": _show(row["new"]) if row["new"] else "",
        "gone": _show(lost) if lost else "",
    }


def _bands(picture: Picture) -> alt.LayerChart:
    """Draw the share of the own domains in each band, and the others' median as a line across it."""
    own = [
        {**row, "label": f"{_number(row['share']):.0%} ({_show(row['count'])})"}
        for row in picture.rows
        if row["whose"] == "yours"
    ]
    rivals = [row for row in picture.rows if row["whose"] == "rivals"]
    title = [
        "Share of your referring domains",
        *(["line: median of the compared lists"] if rivals else []),
    ]
    chart, y = _chart(own), _names(own, "band")
    bars = _bar(chart, color=_OWN).encode(x=_lengths("share", title, ".0%"), y=y)
    ticks = _chart(rivals).mark_tick(color=INK, thickness=3, bandSize=20)
    ticks = ticks.encode(x=alt.X("share:Q"), y=y)
    layers = [bars, *([ticks] if rivals else []), _label(chart, alt.X("end:Q"), y, dx=9)]
    return _whole(layers, height=_BAR * len(own))


def _plan(picture: Picture) -> alt.LayerChart:
    """Draw the own count by month at each pace, the goal, and the goal if rivals go on growing."""
    first, last = picture.rows[0], picture.rows[-1]
    chart = _chart(picture.rows)
    x = alt.X("month:Q", title="Month", axis=alt.Axis(grid=False, tickMinStep=1, format="d"))
    y = _heights("low", "Referring domains")
    layers = [chart.mark_area(color=_OWN, opacity=_LIGHT).encode(x=x, y=y, y2=alt.Y2("high:Q"))]
    lines: list[tuple[str, str, dict[str, Any]]] = [
        ("own", f"yours at {_show(first['pace'])} a month", {"color": _OWN, "strokeWidth": 3}),
        ("goal", f"goal {_show(first['goal'])}", {"color": INK, "strokeDash": _DASHES}),
    ]
    if first["moving"] is not None and first["moving"] != last["moving"]:
        dots = {"color": INK, "strokeDash": [1, 3], "strokeWidth": 2}
        lines.append(("moving", "goal if rivals grow", dots))
    ends = [_TALL * (1 - _number(last[field]) / _number(last["high"])) for field, *_ in lines]
    for (field, said, look), end, at in zip(lines, ends, apart(ends, _GOAL_LINE), strict=True):
        text, dy = _chart([{**last, "label": said}]), round(at - end)
        layers.append(chart.mark_line(**look).encode(x=x, y=alt.Y(f"{field}:Q")))
        layers.append(_label(text, alt.X("month:Q"), alt.Y(f"{field}:Q"), dy=dy))
    reached = _chart(
        {**row, "label": f"reached in month {row['month']}"}
        for row in picture.rows
        if row["reached"]
    )
    dot = reached.mark_point(color=_OWN, filled=True, size=90, opacity=1)
    place = alt.X("month:Q"), alt.Y("own:Q")
    layers += [dot.encode(*place), _label(reached, *place, dx=-9, dy=-9)]
    return _whole(layers, height=_TALL)


def _schedule(picture: Picture) -> alt.LayerChart:
    """Draw the months that pass until each keyword is reached."""
    most = _longest([_number(row["month"]) for row in picture.rows])
    rows = [
        {**row, "end": min(most, _number(row["month"])), "label": _month_label(row, most)}
        for row in picture.rows
    ]
    chart, y = _chart(rows), _names(rows)
    x = _lengths("end", "Month in which it is reached")
    bars = _bar(chart, 0.5, color=INK, opacity=_DARK).encode(x=x, y=y)
    return _whole([bars, _label(chart, alt.X("end:Q"), y)], height=_BAR * len(rows))


def _month_label(row: Row, most: float) -> str:
    month = _number(row["month"])
    if not month:
        return "now"
    return f"month {show(month)}" + (", bar cut" if month > most else "")


CHARTS: Mapping[str, Callable[[Picture], alt.LayerChart]] = {
    "pages": _pages,
    "waterfall": _waterfall,
    "kd": _kd,
    "keywords": _keywords,
    "history": _history,
    "bands": _bands,
    "plan": _plan,
    "schedule": _schedule,
}
"""The charts by name: the function that makes each from a picture."""
