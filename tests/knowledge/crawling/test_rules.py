"""The rules of crawling that need no site: spelling of addresses, robots.txt, sitemaps, traps."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwright.knowledge.crawling.addresses import Site, Wanted, matches, normalize
from shopwright.knowledge.crawling.robots import parse_robots
from shopwright.knowledge.crawling.sitemaps import MAX_UNPACKED_BYTES, parse_sitemap, unpack
from shopwright.knowledge.crawling.traps import Traps


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Shop.Example:80/a/../b/./c#top", "http://shop.example/b/c"),
        ("https://shop.example", "https://shop.example/"),
        ("https://shop.example:443/?b=2&a=1", "https://shop.example/?a=1&b=2"),
        ("https://shop.example/%7Euser/%c3%a4", "https://shop.example/~user/%C3%A4"),
        ("https://shop.example/ä b", "https://shop.example/%C3%A4%20b"),
        ("https://shop.example/a%2Fb", "https://shop.example/a%2Fb"),
        ("https://shop.example/x;jsessionid=1A?utm_source=m&id=7&PHPSESSID=k", "https://shop.example/x?id=7"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://shop.example//a///b", "https://shop.example/a/b"),
        ("https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
        ("https://shop.example/a?", "https://shop.example/a"),
        ("https://shop.example/../../a", "https://shop.example/a"),
    ],
)
def test_an_address_has_one_spelling(written: str, normal: str) -> None:
    assert normalize(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "mailto:a@shop.example", "javascript:alert(1)", "tel:1", "ftp://shop.example/", "https://a:b@shop.example/",
        "https:///x", "http://[::1", "https://shop.example:99999/", "", "//", "data:text/html,x",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(written: str) -> None:
    assert normalize(written) is None


@given(st.text(max_size=80))
def test_any_link_is_normal_or_none_and_stays_as_it_is(written: str) -> None:
    normal = normalize(written, "https://shop.example/a/b?c=d")
    if normal is not None:
        assert normal.isascii()
        assert normalize(normal) == normal


def test_a_site_is_its_host_with_and_without_www() -> None:
    site = Site.of("https://www.shop.example/x")
    assert site.holds("http://shop.example/y")
    assert not site.holds("https://help.shop.example/")
    assert not site.holds("https://shop.example:8443/")
    assert not site.holds("https://shop.example.evil.example/")


ROBOTS = """\ufeff# a comment
User-Agent: other
Disallow: /

User-agent: *
Disallow: /all

user-agent: ShopwrightBot/0.1
User-agent: somebody
Disallow: /private/
Allow: /private/open$
disallow: /*.php
Disallow: /search?
Disallow: /caf%c3%a9
Crawl-delay: 2.5
Allow: /fish
Disallow: /fish
Sitemap: https://shop.example/map.xml
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True), ("/all", True), ("/private/a", False), ("/private/open", True), ("/private/open/a", False),
        ("/a/index.php", False), ("/a/index.phtml", True), ("/search?q=1", False), ("/search", True),
        ("/caf%C3%A9/menu", False), ("/fish", True), ("/robots.txt", True),
    ],
)  # fmt: skip
def test_robots_txt_is_read_as_its_rfc_says(path: str, allowed: bool) -> None:
    robots = parse_robots(ROBOTS, "shopwrightbot")

    assert robots.allows(f"https://shop.example{path}") is allowed
    assert (robots.delay_seconds, robots.sitemaps) == (2.5, ("https://shop.example/map.xml",))


def test_without_a_group_of_our_own_the_one_for_all_holds() -> None:
    robots = parse_robots(ROBOTS, "anotherbot")
    assert not robots.allows("https://shop.example/all/x")
    assert robots.allows("https://shop.example/private/")


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_robots_file_and_no_pattern_breaks_the_reader(text: str, path: str) -> None:
    parse_robots(f"User-agent: *\nDisallow: /{text}\n{text}", "shopwrightbot").allows(f"https://shop.example/{path}")


def test_a_pattern_of_many_stars_takes_no_longer() -> None:
    assert not matches("*a" * 5_000 + "b", "a" * 50_000)


def test_an_index_of_sitemaps_and_a_packed_sitemap_are_read() -> None:
    index = b"<sitemapindex><sitemap><loc> https://shop.example/a.xml.gz </loc></sitemap></sitemapindex>"
    urls = "".join(f"<url><loc><![CDATA[https://shop.example/{n}?a=1&amp;b=2]]></loc></url>" for n in range(5))

    assert parse_sitemap(index, 10).sitemaps == ("https://shop.example/a.xml.gz",)
    found = parse_sitemap(gzip.compress(f"<urlset>{urls}</urlset>".encode()), 3)
    assert found.pages == tuple(f"https://shop.example/{n}?a=1&b=2" for n in range(3))
    assert found.more


def test_a_packed_sitemap_is_unpacked_only_so_far() -> None:
    data, more = unpack(gzip.compress(b"a" * (MAX_UNPACKED_BYTES * 4)))
    assert (len(data), more) == (MAX_UNPACKED_BYTES, True)


@given(st.binary(max_size=300))
def test_no_sitemap_breaks_the_reader(data: bytes) -> None:
    parse_sitemap(data, 10)
    parse_sitemap(b"\x1f\x8b" + data, 10)
    parse_sitemap(b"<urlset><loc>" + data, 10)


@pytest.mark.parametrize("filler", [" ", "\n", "<loc>", "<loc> ", "<", "\t:", "a:", "%", "/../", "&a=1", "]]>"])
def test_a_hostile_file_of_megabytes_takes_no_longer_than_a_plain_one(filler: str) -> None:
    text = filler * (400_000 // len(filler)) + "x"

    assert parse_robots(f"User-agent: *\nDisallow: {text}\n{text}", "shopwrightbot").allows("https://shop.example/")
    parse_sitemap(f"<urlset><loc>{text * 10}".encode(), 10)
    normalize(f"https://shop.example/{text[:2_000]}?{text[:2_000]}")


def test_lists_without_end_are_noticed() -> None:
    traps = Traps()
    days = [f"https://shop.example/events/2026-{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 29)]
    sorts = [f"https://shop.example/list?page={n}" for n in range(100)]

    assert sum(map(traps.lets_through, days)) == 24
    assert sum(map(traps.lets_through, sorts)) == 30
    assert not traps.lets_through("https://shop.example/a/b/a/b/a/b/")
    assert not traps.lets_through("https://shop.example/?" + "&".join(f"f{n}=1" for n in range(7)))
    assert traps.lets_through("https://shop.example/2026/05/new-boots")
    assert all(traps.lets_through(f"https://shop.example/product/{n}") for n in range(500))


def test_paths_are_wanted_by_their_patterns() -> None:
    wanted = Wanted(("/help/*", "/faq"), ("*draft*",))
    paths = ["/help/a", "/help/draft-b", "/faq", "/faq/x", "/"]
    assert [wanted.holds(f"https://shop.example{p}") for p in paths] == [True, False, True, False, False]
