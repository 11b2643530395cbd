"""SE Ranking's answers saved as CSV: the headings are the names of the API's fields.

No export of SE Ranking's site was found, so none is read.
"""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import DATE, FLAG, SCORE, TEXT, URL

BACKLINKS = Export(
    id="se-ranking-backlinks",
    title="SE Ranking backlinks",
    vendor="se-ranking",
    kind="links",
    metric="Domain InLink Rank",
    how="the backlinks of the API's /v1/backlinks, for the exact URL, saved as CSV",
    evidence=Evidence(
        "code", reported="the names of the API's fields, from programs that read them"
    ),
    columns=(
        Column("source_url", ("url_from",), URL, required=True),
        Column("target_url", ("url_to",), URL, required=True),
        Column("nofollow", ("nofollow",), FLAG),
        Column("authority", ("domain_inlink_rank",), SCORE),
        Column("page_authority", ("inlink_rank",), SCORE),
        Column("anchor", ("anchor",), TEXT),
        Column("title", ("title",), TEXT),
        Column("first_seen", ("first_seen",), DATE),
        Column("last_seen", ("last_visited",), DATE),
    ),
    one_of=("domain_inlink_rank", "inlink_rank"),
)
