"""URLs and hosts that hypothesis makes up, as odd as exports hold them."""

from hypothesis import strategies as st

LABELS = ("a", "B", "shop-1", "www", "über", "xn--mnchen-3ya", "食狮", "under_score", "9", "straße")
SUFFIXES = ("com", "co.uk", "github.io", "公司.cn", "ck", "kobe.jp", "example", "COM", "рф")
PATH_PIECES = ("a", "A b", "/", "//", "%2f", "%7e", "%C3%BC", "ü", "%", "%zz", "..", ";", "\\", "+")
PARAMETERS = ("a=1", "A=2", "b", "a", "=", "c=%41", "utm_source=x", "gclid=1", "q=ü &", "d=a+b", "")

names = st.builds(
    lambda labels, suffix: ".".join([*labels, suffix]),
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=3),
    st.sampled_from(SUFFIXES),
)
addresses = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(lambda address: f"[{address}]")
)
hosts = st.one_of(names, names.map(lambda name: name + "."), addresses)
paths = st.lists(st.sampled_from(PATH_PIECES), max_size=5).map("".join)
queries = st.lists(st.sampled_from(PARAMETERS), max_size=4).map("&".join)
urls = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(("http://", "https://", "HTTP://", "//", "")),
    hosts,
    st.sampled_from(("", "", ":80", ":443", ":8080")),
    paths.map(lambda path: f"/{path}" if path else ""),
    queries.map(lambda query: f"?{query}" if query else ""),
    st.sampled_from(("", "#", "#top", "#a?b/c")),
)
