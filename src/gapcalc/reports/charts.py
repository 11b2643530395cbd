"""Draws pictures as charts: SVG that takes the colour of the text around it, or PNG on white.

Altair describes a chart and vl-convert draws it, without a browser and without a network; the font
that it measures texts with is its own. Both belong to the extra `report`.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Literal

from gapcalc.errors import UsageError
from gapcalc.reports.document import Picture
from gapcalc.text import safe

if TYPE_CHECKING:
    import altair as alt

Form = Literal["svg", "png"]

INSTALL = "pip install 'gapcalc[report]'"
_INK = "#1b1b19"
_OWN = "#2f77d0"
"""The own page and the answer: as far from white as from black, and darker than the rest in grey."""
_FONT = "Liberation Sans"
_FONTS = "Liberation Sans, Arial, Helvetica, sans-serif"
_FAINT, _LIGHT, _DARK = 0.12, 0.22, 0.62
_WIDTH, _BAR, _PNG_SCALE = 420, 22, 2
_CONFIG: dict[str, object] = {
    "aria": False,
    "background": "transparent",
    "font": _FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start", "frame": "bounds", "fontSize": 16, "offset": 14, "color": _INK,
    },
    "text": {"color": _INK, "fontSize": 12},
    "axis": {
        "labelColor": _INK, "titleColor": _INK, "domainColor": _INK, "tickColor": _INK,
        "gridColor": _INK, "gridOpacity": _FAINT, "domainOpacity": 0.4, "tickOpacity": 0.4,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 0,
    },
}  # fmt: skip


def draw(picture: Picture, form: Form, *, titled: bool = False) -> str | bytes:
    """Draw a picture as an SVG element to stand in a page, or as a PNG file.

    The same picture gives the same text or bytes. With `titled` the title is drawn above the chart;
    an SVG has it for screen readers in any case, with the text. Raises UsageError without the extra.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise UsageError(f"charts need more packages. Install them: {INSTALL}") from error
    spec = {**CHARTS[picture.chart](picture).to_dict(), "config": dict(_CONFIG)}
    if titled:
        spec["title"] = safe(picture.title)
    if form == "svg":
        return _for_a_page(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), picture)
    spec["config"]["background"] = "white"
    return vl_convert.vegalite_to_png(spec, scale=_PNG_SCALE, allowed_base_urls=[])


def _for_a_page(svg: str, picture: Picture) -> str:
    """Give an SVG its title and text, ids that no other picture has, and the colour around it."""
    name = f"chart-{hashlib.sha256(repr(picture).encode()).hexdigest()[:10]}"
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = svg.replace(_INK, "currentColor").replace(
        f'font-family="{_FONT}"', f'font-family="{_FONTS}"'
    )
    opening, _, rest = svg.partition(">")
    size = re.search(r'viewBox="[^"]*"', opening)
    width = re.search(r'width="([^"]*)"', opening)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'aria-labelledby="{name}-title {name}-text" '
        f'{size.group() if size else ""} width="{width.group(1) if width else ""}">'
        f'<title id="{name}-title">{escape(safe(picture.title))}</title>'
        f'<desc id="{name}-text">{escape(safe(picture.text))}</desc>'
    )
    return head + rest


def _data(rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"values": [dict(row) for row in rows]}


def _of_kind(picture: Picture, kind: str) -> list[Mapping[str, object]]:
    return [row for row in picture.rows if row.get("kind") == kind]


def _pages(picture: Picture) -> "alt.LayerChart":
    import altair as alt

    pages, goals = _of_kind(picture, "page"), _of_kind(picture, "goal")
    chart = alt.Chart(_data(pages))
    y = alt.Y(
        "name:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8)
    )
    raw = chart.mark_bar(color=_INK, opacity=_LIGHT).encode(x="raw:Q", y=y)
    count = chart.mark_bar(height=alt.RelativeBandSize(0.5)).encode(
        x=alt.X("count:Q", title="Referring domains"),
        y=y,
        color=alt.condition("datum.own", alt.value(_OWN), alt.value(_INK)),
        opacity=alt.condition("datum.own", alt.value(1), alt.value(_DARK)),
    )
    layers = [raw, count]
    for goal in goals:
        line = alt.Chart(_data([goal]))
        layers.append(line.mark_rule(color=_INK, strokeDash=[4, 3]).encode(x="count:Q"))
    whole: alt.LayerChart = alt.LayerChart(layer=layers, width=_WIDTH, height=_BAR * len(pages))
    return whole


def _bars(picture: Picture) -> "alt.LayerChart":
    import altair as alt

    first = list(picture.rows[0])
    y = alt.Y(f"{first[0]}:N", sort=None)
    bars = alt.Chart(_data(picture.rows)).mark_bar().encode(y=y, x=f"{first[1]}:Q")
    whole: alt.LayerChart = alt.LayerChart(layer=[bars])
    return whole


CHARTS: Mapping[str, Callable[[Picture], "alt.LayerChart"]] = {
    "pages": _pages,
    "waterfall": _bars,
    "kd": _bars,
    "keywords": _bars,
    "history": _bars,
    "bands": _bars,
    "plan": _bars,
    "schedule": _bars,
}
"""The charts by name: what makes one from a picture."""
