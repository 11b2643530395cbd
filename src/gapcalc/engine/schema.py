"""Every table of the engine, in the order of creation, each with a comment on what a row is.

    link file -> link_row -> link -> judged_link -> page_domain -> counts of every page

A link row is judged by the rules that look at one row while it is read. The rules that look at more
are applied to ``link``. What follows is counting, under any choice of those rules.
"""

KEPT = 1 << 30
"""Larger than every rule's bit: the best link of a domain passes all rules."""
MAYBE_FOLLOWED, FOLLOWED = KEPT + 1, KEPT + 2
"""The best link passes and may be followed; it passes and is followed."""

FILE = """
-- file: a link file, its page if it is about one page only, and whether it states rel.
create table file (file integer, path varchar, page varchar, vendor varchar, says_rel boolean);
"""

LINK_ROW = """
-- link_row: a link as exported, with a bit in the mask for every rule that the row alone fails.
-- plain: no cell needs a careful reading. unjudged: the bits of the rules that could not tell, as a
-- value is unknown. followed: NULL if the row does not say it.
create table link_row (
    file integer, target varchar, host varchar, plain boolean, lost boolean, mask integer,
    unjudged integer, followed boolean{kept_columns}
);
"""

FAULTY_ROW = """
-- faulty_row: a row that could be read only in part, with the text of its source column.
create table faulty_row (file integer, address varchar);
"""

TARGET_URL = """
-- target_url: a target as written in a file, with the number of its rows and the page that it names;
-- NULL until Python has named it, or if it is not a URL.
create table target_url as
select file, target as url, count(*) as rows, plain_page(target) as page
from link_row group by file, target;
"""

HOST_NAME = """
-- host_name: a host as written in a source, and its normal spelling; NULL until Python has named
-- it, or if it is not a host.
create table host_name as
select host, plain_host(host) as name
from (select distinct host from link_row) where host is not null;
"""

FILE_DAYS = """
-- file_days: the first and the last day on which links of a file were seen, if it tells, and whether
-- a row of it stands for several links.
create temp table file_days as
select file, min({seen})::date as first, max({seen})::date as last, max({links}) > 1 as grouped
from link_row group by file;
"""

SOURCE_NAME = """
-- source_name: the page that the address of a linking page names.
create table source_name as
select url, plain_page(url) as page
from (select distinct source as url from {rows}) where url is not null;
"""

FILE_PAGE = """
-- file_page: a page that links of a file go to, with the number of those rows.
create table file_page as
select file, vendor, says_rel, coalesce(file.page, target_url.page) as page,
    coalesce(sum(rows), 0)::bigint as rows
from file left join target_url using (file)
group by all;
"""

PAGE = """
-- page: a page that is counted, with one of the URLs it is written by.
create table page as
select row_number() over (order by page) as id, page, min(url) as url
from (
    select page, url from target_url where page is not null
    union all
    select page, page as url from file where page is not null
)
where {wanted}
group by page;
"""

PAGE_SITE = """
-- page_site: the registrable domain that a page belongs to.
create table page_site (page varchar, site varchar);
"""

HOST_DOMAIN = """
-- host_domain: the registrable domain of a host as written.
create table host_domain (host varchar, domain varchar);
"""

DOMAINS_OF_FEW = """
-- The domain of a host is its last two labels, but for those that the Public Suffix List has longer.
insert into host_domain
select host, coalesce(domain, regexp_extract(name, '([^.]+[.])?[^.]+$'))
from host_name left join (
    select unnest($names::varchar[]) as name, unnest($domains::varchar[]) as domain
) using (name)
where name is not null;
"""

SUFFIX = """
-- suffix: a rule of the Public Suffix List. kinds: 1 plain, 2 wildcard, 4 exception, added up.
create table suffix as
select ltrim(ltrim(rule, '!'), '*.') as name,
    sum(distinct case when rule[1] = '!' then 4 when rule[1] = '*' then 2 else 1 end)::utinyint
        as kinds
from (select unnest(string_split($rules, ' ')) as rule) group by all;
"""

PAGE_TARGET = """
-- page_target: what links of a file to a page have as their target. A file about one page needs no
-- targets.
create temp table page_target as
select file, vendor, target_url.url as target, page.id as page_id, site
from target_url
join file using (file)
join page on page.page = coalesce(file.page, target_url.page)
join page_site on page_site.page = page.page;
"""

SHARED_PAGE = """
-- shared_page: a page of which several files of one vendor show links, whether their dates tell which
-- is newer, and the last of these dates.
create temp table shared_page as
select page.id as page_id, vendor, list(file order by file) as files,
    bool_and(last is not null) and min(last) < max(last) as dated, max(last) as newest
from file_page join file_days using (file) join page on page.page = file_page.page
group by page.id, vendor having count(*) > 1;
"""

COVERED_FILE = """
-- covered_file: a file about a page, and a file of the same vendor that says more of the same domains.
-- kind: files of one kind tell the same.
create temp table covered_file as
with pair as (select unnest($less::integer[]) as less, unnest($more::integer[]) as more),
shown as (
    select distinct page_id, page_target.vendor, link_row.file, kind, domain
    from link_row
    join page_target
        on page_target.file = link_row.file and page_target.target is not distinct from link_row.target
    join (select unnest($files::integer[]) as file, unnest($kinds::integer[]) as kind) as file_kind
        on file_kind.file = link_row.file
    join host_domain using (host)
    join shared_page using (page_id, vendor)
)
select page.page, less.page_id, less.file as less, rich.file as more
from shown as less
join page on page.id = page_id
join pair on pair.less = less.kind
join (select distinct page_id, vendor, file, kind from shown) as rich
    on rich.kind = pair.more and rich.page_id = less.page_id and rich.vendor = less.vendor
left join shown as had
    on had.file = rich.file and had.page_id = less.page_id and had.domain = less.domain
group by page.page, less.page_id, less.file, rich.file
having count(had.domain) >= 0.98 * count(*);
"""

_COVERED = (
    "from {table} using covered_file where {table}.{key} = covered_file.{key} and file = less;"
)
SET_ASIDE = (
    "delete " + _COVERED.format(table="page_target", key="page_id"),
    "delete " + _COVERED.format(table="file_page", key="page"),
    "drop table shared_page;",
    SHARED_PAGE,
)
"""Leaves covered files out of the counts of their pages."""

PAGE_ROW = """
-- page_row: a link row that goes to a page that is counted.
create temp view page_row as
select link_row.*, link_row.rowid as row, page_target.vendor, page_id, site
from link_row
join page_target
    on page_target.file = link_row.file and page_target.target is not distinct from link_row.target;
"""

REPEATED_ROW = """
-- bare_domain: what the hosts of a page have in common, with www. and without, even if one of them is
-- a public suffix (gov.uk).
create temp macro bare_domain(domain) as
    case when starts_with(domain, 'www.') then regexp_replace(domain, '^(www[.])+', '') else domain end;
-- repeated_row: a row of a link that several files may show: page, domain and anchor are the same,
-- as one number. Most links are in one file only; to name and sort these too takes far longer.
create temp table repeated_row as
with shown as (
    select row, page_id, vendor, file, hash(page_id, vendor, bare_domain(domain), anchor) as alike
    from page_row join host_domain using (host)
),
repeated as (select alike from shown group by alike having min(file) < max(file))
select row, page_id, vendor from shown semi join repeated using (alike);
"""

COMPARED_ROW = """
-- compared_row: a row of an older file that the newest file of the page may replace, or a row of the
-- newest with a domain of these. Older files are left out unless the newest has the domains of most
-- of their linking pages: it cannot have most of these pages otherwise. alike: page and domain.
create temp table compared_row as
with seen as (
    select row, page_id, vendor, file, last = newest as is_newest, hash(source) as source_hash,
        hash(page_id, vendor, bare_domain(domain)) as alike
    from page_row join file_days using (file) join shared_page using (page_id, vendor)
    left join host_domain using (host)
    where dated
),
newest as (select distinct alike, true as is_left from seen where is_newest),
older as (
    select page_id, vendor, file
    from (select distinct page_id, vendor, file, source_hash, alike from seen where not is_newest)
    left join newest using (alike)
    group by all having count(is_left) * 2 > count(*)
),
older_row as (from seen semi join older using (page_id, vendor, file))
select row, page_id, vendor, is_newest from older_row
union all
select row, page_id, vendor, is_newest from seen semi join older_row using (alike) where is_newest;
"""

ROWS_TO_NAME = """(
    select source from link_row
    where rowid in (select row from repeated_row union all select row from compared_row)
)"""
"""The rows whose sources need a name where all files are of one vendor."""

HIDDEN_ROW = """
-- hidden_row: a row of a link that another file shows. Of a link that several files show, the rows of
-- one count: of the newest if dates tell, else of the one with the best row; of equal ones, the order
-- of the files decides nothing.
create temp table hidden_row as
select row
from repeated_row join link_row on link_row.rowid = row
left join shared_page using (page_id, vendor)
left join file_days using (file)
left join source_name on source_name.url = source
qualify file <> first_value(file) over (
    partition by vendor, page_id, coalesce(source_name.page, source), anchor
    order by case when dated then last end desc nulls last,
        lost, bit_count(mask), unjudged, not followed, mask desc{kept_columns}, file
);
"""

LINK = """
-- link: a link to a page that is counted. internal: it comes from the page's own site; if the site
-- is a public suffix (gov.uk), its host with www. counts as the site.
create temp {kind} link as
select vendor, page_id, domain,
    (domain = site or domain = 'www.' || site) as internal, lost, mask, unjudged,
    followed{kept_columns}
from page_row join host_domain using (host){but_hidden};
"""
BUT_HIDDEN = "\nwhere row not in (from hidden_row)"

GONE_SOURCE = """
-- gone_source: a linking page that the newest whole export of a page's list no longer has, though an
-- older export of it does. Two exports are of one list where the newer has most of the older's pages;
-- else they may be parts of one list, and add up.
create temp table gone_source as
with seen as (
    select distinct page_id, vendor, link_row.file, source,
        coalesce(source_name.page, source) as name, is_newest
    from compared_row join link_row on link_row.rowid = row
    left join source_name on source_name.url = source
),
whole as (
    select page_id, vendor, name from seen
    where is_newest group by all
    having bool_and(not list_contains($cut::integer[], file))
),
older as (
    select seen.*, whole.name is not null as is_left
    from seen left join whole using (page_id, vendor, name) where not is_newest
)
select page_id, vendor, file, source from older
qualify not is_left and count(*) filter (is_left) over (partition by page_id, vendor, file) * 2
    > count(*) over (partition by page_id, vendor, file);
"""

TAKE_AS_LOST = """
update link set lost = true from gone_source
where gone_source.page_id = link.page_id and gone_source.vendor = link.vendor
    and gone_source.source = link.source;
"""

LIVE_LINK = """
-- live_link: a link that is neither lost nor internal.
create temp view live_link as
select page_id, domain, vendor{kept_columns} from link where not lost and not internal;
"""

JUDGED_LINK = """
-- judged_link: a link under some rules, given by their bits. failed: the bits of those it fails,
-- NULL if it is lost or internal and so takes no part.
create temp macro judged_link(rules) as table
select *, lost and not internal as gone,
    case when not lost and not internal then mask & rules end as failed
from link;
"""

BEST_LINK = f"""
-- best_link: the rank of the best of some links: {FOLLOWED} if it passes and is followed,
-- {MAYBE_FOLLOWED} if nothing tells whether it is, {KEPT} if it passes, else the bit of the first
-- rule it fails; NULL if no link takes part.
create temp macro best_link(failed, followed) as
    max(case when failed = 0 then {KEPT} + coalesce(followed::integer * 2, 1)
        else failed & -failed end);
"""

PAGE_DOMAIN = """
-- page_domain: a domain that links to a page, with its best link.
create or replace temp table page_domain as
select page_id, domain, best_link(failed, followed) as best,
    count(*) filter (failed = 0 and unjudged & {rules} <> 0) as unjudged,
    count(*) filter (gone) as lost, count(*) filter (internal) as internal{facts}
from judged_link({rules}) group by page_id, domain;
"""

_PASSES = "not internal and mask & {rules} = 0"
DOMAIN_FACTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("authority",), "max(authority) filter (failed is not null) as authority"),
    (
        ("first_seen", "lost_on"),
        (
            f"min(first_seen) filter ({_PASSES}) as won, bool_and(lost) filter ({_PASSES}) as is_lost,"
            f" max(lost_on) filter ({_PASSES}) as lost_on"
        ),
    ),
)
"""Further columns of ``page_domain``, each with the columns of ``link`` that it needs.

authority: the highest of the live links. won, is_lost, lost_on: when the first of the links that
pass was seen, whether all of these are lost, and when the last of them was; is_lost is NULL if none
passes.
"""

PAGE_FILES = """
-- page_files: the files that concern a page, and whether all say rel that have links to it.
create temp view page_files as
select page, list(file order by file) as files, bool_and(says_rel) filter (rows > 0) as says_rel
from file_page where page is not null group by page;
"""

COUNTING = JUDGED_LINK + BEST_LINK + PAGE_FILES
"""The macros and views that every count uses."""
