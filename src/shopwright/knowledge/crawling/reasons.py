"""Why a page was not read, in words for a shop owner: what happened, and what to do next."""

from shopwright.kit.sentences import sentence

REASONS: dict[str, str] = {
    # skipped: nothing is wrong with these
    "unchanged": sentence("It has not changed since it was read the last time."),
    "robots": sentence(
        "The site's robots.txt asks programs not to read this page. Allow ShopwrightBot there to have it read."
    ),
    "noindex": sentence("The page asks to be left out of searches (noindex). Remove that, or add its text by hand."),
    "canonical": sentence("The page says that {other} is its proper address; that one is read instead."),
    "same_text": sentence("It holds exactly the text of another page, {other}."),
    "near_duplicate": sentence("It is the same page as {other}, only sorted or shown differently."),
    "redirect": sentence("It leads on to {other}; that one is read instead."),
    "elsewhere": sentence("It leads to another site, {other}. To have that read, add it as a website of its own."),
    "excluded": sentence("Its path is left out by your settings for this website."),
    "too_deep": sentence("It is more than {limit} clicks away from the first page. Allow more depth to have it read."),
    "page_limit": sentence("The limit of {limit} pages was reached before this one. Allow more pages to have it read."),
    "trap": sentence("Its address belongs to a list without end, such as a calendar or a filter."),
    "no_text": sentence("It holds no text that could be read ({kind})."),
    "stopped": sentence("Reading ended before this page was reached: {why}"),
    # failed: the owner may want to do something
    "gone": sentence(
        "There is no such page any more. What was read from it earlier is kept; delete that document if it is "
        "out of date."
    ),
    "not_there": sentence("There is no page at this address (the site answers {status}). Check the address."),
    "sign_in": sentence("The page is shown only after signing in. Make it public, or add its text by hand."),
    "refused": sentence(
        "The site refuses to show this page to programs (it answers {status}). Ask whoever runs the site to "
        "let ShopwrightBot in, or add the text by hand."
    ),
    "needs_browser": sentence(
        "This page shows its text only in a browser, by a program (JavaScript). Add its text by hand or "
        "upload it as a file, or have the site deliver the text itself."
    ),
    "busy": sentence("The site asks to come back later (429). Read it again in an hour."),
    "server_error": sentence(
        "The site has a fault here (it answers {status}). Try again later, or tell whoever runs the site."
    ),
    "too_large": sentence("The page is larger than {limit_mb} MB. Split it, or upload its text as a file."),
    "too_slow": sentence("The site took longer than {seconds} seconds for this page. Try again later."),
    "no_such_host": sentence("There is no site named {host}. Check the spelling of the address."),
    "no_answer": sentence("The site {host} does not answer. Check that it opens in a browser, and try again later."),
    "insecure": sentence(
        "The site {host} has no valid certificate, so the connection is not secure. Renew the certificate, or "
        "use the address under which it works in a browser without a warning."
    ),
    "address_refused": sentence(
        "This address leads to a place inside a network ({host}), which is not read. Use the public address "
        "of the website."
    ),
    "too_many_redirects": sentence(
        "The address leads on and on ({other}) without ever showing a page. Check it in a browser."
    ),
    "garbled": sentence("What the site sent could not be understood. Check that the page opens in a browser."),
    # of a whole site
    "robots_site": sentence(
        "The site's robots.txt asks programs not to read it. Add these lines to it and try again: User-agent: "
        "ShopwrightBot, and below it Allow: /"
    ),
    "robots_unreachable": sentence("The site's robots.txt cannot be fetched, so nothing may be read. Try again later."),
    "no_pages": sentence("No page with readable text was found. Check the address, or add the text by hand."),
    "gave_up": sentence(
        "Reading this site stopped the worker several times, so it was given up. Try again with fewer pages."
    ),
    "site_stopped": sentence("The site stopped answering after some pages. Read it again later to get the others."),
    "more_pages": sentence(
        "The site has more pages than the limit of {limit}. Allow more pages, or name the paths that matter."
    ),
    "too_much": sentence("The site holds more than is taken in at once ({limit_mb} MB). Name the paths that matter."),
    "too_long": sentence("Reading took longer than {hours} hours and was ended. What was read is kept."),
}


class PageFailed(Exception):
    """A page cannot be had."""

    def __init__(self, code: str, **fields: object) -> None:
        self.code, self.reason = code, say(code, **fields)
        super().__init__(code)


def say(code: str, **fields: object) -> str:
    """The sentence of a code, its `{names}` filled in with what was shortened to a readable length."""
    sentence = REASONS[code]
    for name, value in fields.items():
        sentence = sentence.replace("{" + name + "}", _short(str(value)))
    return sentence


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157] + "…"
