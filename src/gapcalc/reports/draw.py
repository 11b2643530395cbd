"""Draws a picture: as SVG that takes the colour of the text around it, or as PNG on white.

Altair describes a chart and vl-convert draws it, without browser or network, in a font of its own.
Both belong to the extra `report`, which `outputs` checks before anybody waits.
"""

import hashlib
import re
from html import escape
from typing import Literal

from gapcalc.reports.document import Picture
from gapcalc.text import safe

Form = Literal["svg", "png"]

_FONTS = "Liberation Sans, Arial, Helvetica, Arimo, sans-serif"
_PNG_SCALE = 2
_PADDING = {"left": 20, "right": 36, "top": 8, "bottom": 8}
"""Room for a font that is wider than the one that texts are measured in."""
_GROUP, _ROLE = re.compile("<g [^>]*>"), re.compile(' (?:role|aria-[a-z]+)="[^"]*"')
"""Attributes that make a group a picture of its own; removed, since the whole is described."""


def draw(picture: Picture, form: Form, *, titled: bool = False) -> str | bytes:
    """Draw a picture as an SVG element to stand in a page, or as a PNG file.

    The same picture gives the same text or bytes. With `titled` it is a file of its own: its title
    is drawn above it, and an SVG is on white too.
    """
    import vl_convert

    from gapcalc.reports.charts import CHARTS, FONT, INK, VEGA_CONFIG

    chart = CHARTS[picture.chart](picture)
    spec = {**chart.to_dict(validate=False), "config": dict(VEGA_CONFIG), "padding": _PADDING}
    if titled:
        spec["title"] = safe(picture.title)
    if titled or form == "png":
        spec["config"]["background"] = "white"
    if form == "svg":
        svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
        svg = svg.replace(f'font-family="{FONT}"', f'font-family="{_FONTS}"')
        drawn = _described(svg, picture)
        return drawn if titled else drawn.replace(INK, "currentColor")
    return vl_convert.vegalite_to_png(spec, scale=_PNG_SCALE, allowed_base_urls=[])


def _described(svg: str, picture: Picture) -> str:
    """Give an SVG its title and text for screen readers, and ids that no other picture has."""
    name = f"chart-{hashlib.sha256(repr(picture).encode()).hexdigest()[:10]}"
    svg = re.sub(r'\bid="', f'id="{name}-', svg).replace("url(#", f"url(#{name}-")
    svg = _GROUP.sub(lambda group: _ROLE.sub("", group.group()), svg)
    opening, _, rest = svg.partition(">")
    size = " ".join(re.findall(r'\b(?:width|height|viewBox)="[^"]*"', opening))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" overflow="visible" {size} '
        f'aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{escape(safe(picture.title))}</title>'
        f'<desc id="{name}-text">{escape(safe(picture.text))}</desc>{rest}'
    )
