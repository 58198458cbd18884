"""Before the first page: what robots.txt allows, where the address really leads, and which pages the sitemaps name."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from shopwright.knowledge.crawling.addresses import MAX_ADDRESS, Site, Wanted, holds_no_text, normalize, origin_of
from shopwright.knowledge.crawling.fetching import Fetcher
from shopwright.knowledge.crawling.frontier import SKIPPED, NewPage
from shopwright.knowledge.crawling.models import Crawl
from shopwright.knowledge.crawling.reasons import PageFailed, say
from shopwright.knowledge.crawling.robots import ALLOW_ALL, MAX_BYTES, Robots, parse_robots
from shopwright.knowledge.crawling.sitemaps import parse_sitemap
from shopwright.knowledge.crawling.traps import Traps

PRODUCT = "shopwrightbot"
MAX_HOPS = 5
MAX_SITEMAP_FILES = 20
MAX_DELAY_SECONDS = 10.0
# These say more about a site than that its robots.txt cannot be had.
_ABOUT_THE_SITE = frozenset({"no_such_host", "no_answer", "insecure", "address_refused"})


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a crawl begins, and what holds on the way."""

    start: str
    robots: Robots

    def as_json(self) -> dict[str, Any]:
        robots = self.robots
        return {
            "start": self.start, "rules": [list(rule) for rule in robots.rules], "delay": robots.delay_seconds,
            "sitemaps": list(robots.sitemaps),
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Plan":
        rules = tuple((bool(allow), str(pattern)) for allow, pattern in value["rules"])
        return cls(value["start"], Robots(rules, float(value["delay"]), tuple(value["sitemaps"])))

    @property
    def site(self) -> Site:
        return Site.of(self.start)


async def make_plan(url: str, fetcher: Fetcher) -> Plan:
    """Ask the site where its first page is and what may be read.

    Raises:
        PageFailed: nothing may or can be read; the reason is about the whole site.
    """
    address, robots, asked = url, ALLOW_ALL, ""
    for _ in range(MAX_HOPS + 1):
        if origin_of(address) != asked:
            asked = origin_of(address)
            robots = await _robots(asked, fetcher)
        if not robots.allows(address):
            raise PageFailed("robots_site")
        fetched = await fetcher.fetch(address)
        if fetched.leads_to is None:
            return Plan(address, robots)
        address = fetched.leads_to
    raise PageFailed("too_many_redirects", other=address)


async def _robots(origin: str, fetcher: Fetcher) -> Robots:
    """A site's rules; as RFC 9309 has it, none when there is no file, and nothing allowed when it cannot be had."""
    address = f"{origin}/robots.txt"
    try:
        for _ in range(MAX_HOPS + 1):
            fetched = await fetcher.fetch(address, readable_only=False)
            if fetched.leads_to is None:
                break
            address = fetched.leads_to
    except PageFailed as failure:
        if failure.code in _ABOUT_THE_SITE:
            raise
        raise PageFailed("robots_unreachable") from None
    if fetched.status == 429 or fetched.status >= 500:
        raise PageFailed("robots_unreachable")
    if fetched.status != 200:
        return ALLOW_ALL
    return parse_robots(fetched.body[:MAX_BYTES].decode("utf-8", "replace"), PRODUCT)


async def read_sitemaps(plan: Plan, fetcher: Fetcher, limit: int) -> tuple[list[str], bool]:
    """The pages that a site's sitemaps name, and whether there are more than `limit`."""
    waiting = [a for a in plan.robots.sitemaps if plan.site.holds(a)] or [f"{origin_of(plan.start)}/sitemap.xml"]
    pages: dict[str, None] = {}
    seen: set[str] = set()
    more = False
    while waiting and len(seen) < MAX_SITEMAP_FILES and len(pages) < limit:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        try:
            fetched = await fetcher.fetch(address, readable_only=False)
        except PageFailed:
            continue  # a sitemap is a help, not a condition
        if fetched.leads_to and plan.site.holds(fetched.leads_to):
            waiting.insert(0, fetched.leads_to)
        if fetched.status != 200:
            continue
        # Millions of bytes of text: not on the event loop.
        found = await asyncio.to_thread(parse_sitemap, fetched.body, limit)
        waiting += [a for a in found.sitemaps if plan.site.holds(a)]
        pages.update(dict.fromkeys(found.pages[: limit - len(pages)]))
        more = more or found.more or len(pages) == limit
    return list(pages), more or bool(waiting)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Decides about every address that was found: fetch it, leave it out for a reason, or not worth a word."""

    plan: Plan
    wanted: Wanted
    max_depth: int
    traps: Traps

    @classmethod
    def of(cls, crawl: Crawl, plan: Plan) -> "Sieve":
        return cls(plan, Wanted(tuple(crawl.include), tuple(crawl.exclude)), crawl.max_depth, Traps())

    def sift(self, addresses: list[str], depth: int) -> Iterator[NewPage]:
        for found in addresses:
            address = self.ours(found)
            if address is None or holds_no_text(address) or len(address) > MAX_ADDRESS:
                continue
            code = self._refusal(address, depth)
            if code is None:
                yield NewPage(address, depth)
            else:
                yield NewPage(address, depth, SKIPPED, code, say(code, limit=self.max_depth))

    def ours(self, found: str) -> str | None:
        """An address of this site under the one name it is read by, or None for another site's."""
        address = normalize(found)
        if address is None or not self.plan.site.holds(address):
            return None
        start, parts = urlsplit(self.plan.start), urlsplit(address)
        return urlunsplit((start.scheme, start.netloc, parts.path, parts.query, ""))

    def _refusal(self, address: str, depth: int) -> str | None:
        if address == self.plan.start:
            return None
        if not self.wanted.holds(address):
            return "excluded"
        if not self.plan.robots.allows(address):
            return "robots"
        if depth > self.max_depth:
            return "too_deep"
        return None if self.traps.lets_through(address) else "trap"
