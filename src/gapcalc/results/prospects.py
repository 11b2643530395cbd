"""The result of `prospects`, field for field its JSON; unknown is None, never 0 or false."""

from typing import Literal

from gapcalc.results.gap import Chosen
from gapcalc.results.shared import (
    Authority,
    Caution,
    CommandResult,
    Network,
    NetworkEffect,
    ResultPart,
)

Tier = Literal["all", "several", "one"]


class LinkingPage(ResultPart):
    """The best link of a domain to one comparable page, which ranks at `position`.

    `rel` is `follow` where the vendor says that the link is followed, None where it does not say.
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
    """A keyword that a lead helps: the lead links to `competitors` of its `comparable` pages."""

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
    page was lost. `in_network` says that the lead belongs to one of the networks found. `proven` is
    true where the target page's list is complete, false where it is not, None where that is
    unknown.
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
    """How the domains behind the comparable pages were sorted.

    `behind` counts the domains that link to at least one of the pages; `enough`, those that link to
    as many as a lead must. Each of the latter is a lead, links to the target page already, or is
    left out: the own site, excluded domains, platforms.
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
    """The figures of one keyword's leads, and the pages they rest on."""

    keyword: str | None
    country: str | None
    target_page: LeadTarget
    pages: tuple[LeadPage, ...]
    counts: LeadCounts
    networks: tuple[Network, ...]
    network_effect: NetworkEffect | None
    cautions: tuple[Caution, ...]


class SiteLead(ResultPart):
    """A domain that links to rivals' sites and not to the own site, by a vendor's intersect export.

    The vendor does not say which pages it links to, so site leads are not counted as page leads.
    `competitors` counts the `sites`. `url` is a page of the domain, where the export has pages.
    `links_to_my_site` is false, or None where no export has a column for the own site.
    `is_page_lead` says that the domain is a page lead as well.
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
    """What the intersect exports compare, and how the domains in them were sorted.

    `sites` are those of rivals, `own_sites` the columns of the own site. `behind` counts the
    domains in the exports; `enough`, those that link to as many sites as a lead must. Each of the
    latter is a lead, links to the own site already, or is left out: the own site, excluded domains,
    platforms.
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


class ProspectsResult(CommandResult):
    """The whole output of the command `prospects`.

    `site_level` and `site_leads` come from the vendors' intersect exports, None and empty without.
    """

    min_competitors: int
    note: str
    keywords: tuple[KeywordLeads, ...]
    prospects: tuple[Lead, ...]
    lost_to_us: tuple[Lead, ...]
    site_level: SiteLevel | None
    site_leads: tuple[SiteLead, ...]
    cautions: tuple[Caution, ...]
