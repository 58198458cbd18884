"""What can go wrong when a crawl is asked for; what goes wrong on the way is in `reasons`."""

from shopwright.kit.errors import Conflict, InvalidInput


class NotAWebsite(InvalidInput):
    """This is not the address of a website: {address!r}. Write it as in a browser, such as https://shop.example."""

    code = "not_a_website"


class CrawlRunning(Conflict):
    """This website is being read already; wait until that is done, or stop it first."""

    code = "crawl_running"


class TooManyCrawls(Conflict):
    """{limit} websites are being read at once, which is the most; wait until one is done."""

    code = "too_many_crawls"


class CrawlOver(Conflict):
    """This reading is {state} already; there is nothing to stop."""

    code = "crawl_over"


class CrawlNotOver(Conflict):
    """This reading is still going on; it can be repeated when it is done."""

    code = "crawl_not_over"
