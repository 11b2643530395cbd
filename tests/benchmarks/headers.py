"""The heading rows of the two Ahrefs exports that the benchmarks write."""


def _columns(names: str) -> tuple[str, ...]:
    return tuple(" ".join(names.split()).split(" | "))


BACKLINKS = _columns(
    """
    Referring page title | Referring page URL | Language | Platform | Referring page HTTP code |
    Domain rating | UR | Domain traffic | Referring domains | Linked domains | External links |
    Page traffic | Keywords | Target URL | Left context | Anchor | Right context |
    Redirect Chain URLs | Redirect Chain status codes | Type | Is spam | Content | Nofollow | UGC |
    Sponsored | Rendered | Raw | Lost status | Drop reason | Discovered status | First seen |
    Last seen | Lost | Author | Page type | Page category | Links in group
    """
)

KEYWORDS_WITH_SERPS = _columns(
    """
    Keyword | URL | Country | Difficulty | Volume | CPS | Parent Topic | Parent Topic Volume |
    Last Update | Referring Domains | Domain rating | Ahrefs Rank | Traffic | Keywords | CPC |
    Position | Type | Title | Global volume | Traffic potential | Global traffic potential |
    First seen | Intents | Languages | Page type | SV trend | SV Forecasting trend
    """
)
