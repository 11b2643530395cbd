"""Files that people mistake for backlink or SERP exports: refused with what to export instead."""

from gapcalc.formats.base import LookAlike

_BACKLINKS = "Export Backlinks for the exact URL instead"
_LATEST = "Export Latest links, or better the Backlinks of a link index"
_SERP = "Give a SERP export (Ahrefs Keywords Explorer, Export, with SERPs) or a SERP table instead"

LOOK_ALIKES: tuple[LookAlike, ...] = (
    LookAlike(
        "gapcalc-answer",
        "an answer of gapcalc",
        ("keyword", "position", "url", "left_out", "vendor_total"),
        "it holds counts that were worked out already, not an export",
        "Give the exports it was made from",
    ),
    LookAlike(
        "gapcalc-domains-answer",
        "an answer of gapcalc, domain by domain",
        ("page", "referring_domain", "kept", "verdicts"),
        "it holds domains that were judged already, not an export",
        "Give the exports it was made from",
    ),
    LookAlike(
        "gapcalc-workbook",
        "a report of gapcalc without pages to compare",
        ("fact", "value", "bound"),
        "it holds an answer, not an export",
        "Give the exports it was made from",
    ),
    LookAlike(
        "ahrefs-refips",
        "Ahrefs Referring IPs",
        ("subnet", "ref. domains", "ips in subnet"),
        "it counts domains per IP network, not links to a page",
        _BACKLINKS,
    ),
    LookAlike(
        "ahrefs-top-pages-bare",
        "Ahrefs Top pages",
        ("url", "current traffic", "current top keyword"),
        "it lacks the column with the pages' referring domains",
        "Add that column before the export, or export Best by links",
    ),
    LookAlike(
        "ahrefs-organic-keywords-compared",
        "Ahrefs Organic keywords",
        ("keyword", "current position"),
        "it lacks the column KD, and it is no SERP",
        f"Export it for one date and one country, with the column KD. {_SERP}",
        without=("kd",),
    ),
    LookAlike(
        "ahrefs-broken-backlinks",
        "Ahrefs Broken backlinks",
        ("referring page url", "target url", "target page http code"),
        "it lists only links to pages that are gone",
        _BACKLINKS,
    ),
    LookAlike(
        "ahrefs-anchors",
        "Ahrefs Anchors",
        ("anchor text", "ref. domains", "links to target"),
        "it counts domains per anchor, not links to a page",
        _BACKLINKS,
    ),
    LookAlike(
        "semrush-outgoing-domains",
        "Semrush Outgoing domains",
        ("domain ascore", "domain", "links"),
        "these are the domains the site links to, not those that link to it",
        "Export Referring Domains or Backlinks for the exact URL instead",
        without=("backlinks",),
    ),
    LookAlike(
        "semrush-bulk-comparison",
        "Semrush Bulk backlink comparison",
        ("target", "target type", "backlinks", "domains"),
        "it has one row per target, mostly whole sites, and no SERP positions",
        _BACKLINKS,
    ),
    LookAlike(
        "semrush-keywords-bare",
        "Semrush Keyword Magic",
        ("keyword", "intent", "volume"),
        "it has no SERP, and no difficulty either",
        _SERP,
    ),
    LookAlike(
        "semrush-keyword-gap",
        "Semrush Keyword Gap",
        ("keyword", "intents", "keyword difficulty", "competition density"),
        "it compares the keywords of whole sites and has no referring domains",
        _SERP,
    ),
    LookAlike(
        "semrush-organic-pages",
        "Semrush Organic pages",
        ("url", "traffic (%)", "number of keywords"),
        "it lists the pages of one site, not the pages that rank for a keyword",
        _SERP,
    ),
    LookAlike(
        "search-console-top-sites",
        "Search Console Top linking sites",
        ("site", "linking pages", "target pages"),
        "it counts the links of each site to the whole property",
        _LATEST,
    ),
    LookAlike(
        "search-console-top-sites-before",
        "Search Console Top linking sites",
        ("site", "incoming links"),
        "it counts the links of each site to the whole property",
        _LATEST,
    ),
    LookAlike(
        "search-console-linked-pages",
        "Search Console Top linked pages",
        ("target page", "incoming links", "linking sites"),
        "it counts the linking sites in Google's sample, not referring domains",
        _LATEST,
    ),
    LookAlike(
        "search-console-linking-text",
        "Search Console Top linking text",
        ("top linking text",),
        "it lists anchors, not links",
        _LATEST,
    ),
    LookAlike(
        "search-console-top-pages",
        "Search Console Top linked pages",
        ("top linked pages", "incoming links"),
        "it counts links in Google's sample, not referring domains",
        _LATEST,
    ),
    LookAlike(
        "search-console-target-pages",
        "Search Console Top target pages",
        ("target page", "internal links"),
        "it counts the site's own internal links",
        _BACKLINKS,
    ),
    LookAlike(
        "screaming-frog-outlinks",
        "Screaming Frog All Outlinks",
        ("type", "source", "destination", "anchor"),
        "these are the links on the crawled site, not the links to it",
        _BACKLINKS,
    ),
)
