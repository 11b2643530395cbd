"""The result of `prospects`, field for field its JSON; unknown is None, never 0 or false."""

from typing import Literal

from gapcalc.results.gap import Authority, Chosen
from gapcalc.results.shared import Caution, Input, Method, Network, NetworkEffect, ResultPart, Tool

Tier = Literal["all", "several", "one"]


class LinkingPage(ResultPart):
    """The best link of a domain to one comparable page, which ranks at `position`.

    `rel` is `follow` where the vendor says so, None where it does not say.
    """

    position: int | None
    links_to: str
    url: str | None
    title: str | None
    anchor: str | None
    rel: str | None
    first_seen: str | None
    kind: str | None


class HelpedKeyword(ResultPart):
    """A keyword that a lead helps: it links to `competitors` of the `comparable` pages with a list."""

    keyword: str | None
    country: str | None
    competitors: int
    comparable: int
    tier: Tier


class Lead(ResultPart):
    """A domain that links to comparable pages and not to the target page.

    `competitors` counts the comparable pages of all its keywords once each. `url` to `kind` are
    those of the best linking page, the first of `linking_pages`. `links_to_my_site` is None where
    no list has links to other pages of the site. `lost_on` is the day its last link to the target
    page was lost. `in_network` says that it belongs to one of the networks that were found. `proven` is true where the target page's list is whole, false where it is not, and
    None where nobody can tell.
    """

    domain: str
    competitors: int
    tier: Tier
    authority: Authority | None
    traffic: int | None
    url: str | None
    title: str | None
    anchor: str | None
    rel: str | None
    first_seen: str | None
    kind: str | None
    linking_pages: tuple[LinkingPage, ...]
    links_to_my_site: bool | None
    lost_to_us: bool
    lost_on: str | None
    in_network: bool
    proven: bool | None
    keywords: tuple[HelpedKeyword, ...]


class LeadTarget(ResultPart):
    """The target page of a keyword, None for a new one, and whether its list is whole."""

    url: str | None
    page: str | None
    chosen: Chosen
    has_list: bool
    complete: bool | None


class LeadPage(ResultPart):
    """A comparable page; `counted` are its counted domains, None where it has no list."""

    position: int | None
    url: str
    page: str
    domain: str
    counted: int | None
    complete: bool | None


class LeadCounts(ResultPart):
    """What became of the domains behind the comparable pages.

    `behind` link to at least one of them, `enough` to as many as a lead must. These are leads, or
    link to the target page, or are left out: the own site, excluded ones, platforms.
    """

    behind: int
    enough: int
    links_to_target: int
    own_site: int
    excluded: int
    platform: int
    leads: int
    lost_to_us: int


class KeywordLeads(ResultPart):
    """The leads of one keyword in figures, and the pages they rest on."""

    keyword: str | None
    country: str | None
    target_page: LeadTarget
    pages: tuple[LeadPage, ...]
    counts: LeadCounts
    networks: tuple[Network, ...]
    network_effect: NetworkEffect | None
    cautions: tuple[Caution, ...]


class SiteLead(ResultPart):
    """A domain that links to sites of rivals and not to the own site, as a vendor's intersect says.

    Which of their pages it links to, the vendor does not say: nothing here counts among the leads
    of pages. `competitors` counts the `sites`. `url` is a page of the domain, where the export has
    pages. `links_to_my_site` is false, or None where no export has a column for the own site.
    `is_page_lead` says that the domain is among the leads of pages as well.
    """

    domain: str
    level: Literal["site"]
    competitors: int
    tier: Tier
    authority: Authority | None
    traffic: int | None
    url: str | None
    title: str | None
    sites: tuple[str, ...]
    links_to_my_site: bool | None
    is_page_lead: bool
    vendors: tuple[str, ...]


class SiteLevel(ResultPart):
    """What the intersect exports compare, and what became of the domains in them.

    `sites` are those of rivals, `own_sites` the columns of the own site. Of the `behind` domains
    `enough` link to as many sites as a lead must. These are leads, or link to the own site, or are
    left out: the own site, excluded ones, platforms.
    """

    inputs: tuple[str, ...]
    sites: tuple[str, ...]
    own_sites: tuple[str, ...]
    behind: int
    enough: int
    links_to_my_site: int
    own_site: int
    excluded: int
    platform: int
    leads: int


class ProspectsResult(ResultPart):
    """The whole output of the command `prospects`.

    `site_level` and `site_leads` come from the vendors' intersect exports, None and empty without.
    """

    schema: str
    tool: Tool
    as_of: str
    inputs: tuple[Input, ...]
    method: Method
    min_competitors: int
    note: str
    keywords: tuple[KeywordLeads, ...]
    prospects: tuple[Lead, ...]
    lost_to_us: tuple[Lead, ...]
    site_level: SiteLevel | None
    site_leads: tuple[SiteLead, ...]
    cautions: tuple[Caution, ...]
