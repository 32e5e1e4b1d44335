"""Going through the screens that Mollie shows in test mode instead of its page, as a browser without scripts does.

Mollie documents that these screens let one choose what becomes of a payment, not what is in them. What is known of them comes from
the tests of Mollie's own plug-ins: an input whose value is the status, in a form. Where that is so no longer, the lab says so.
"""

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

WAY = "bancontact"
STEPS = 4


def choose(url: str, state: str) -> None:
    """Have a payment become `state` on its page at `url`; over when the screens send us back to the shop, which is not visited."""
    with httpx.Client(timeout=30) as browser:
        page = _visit(browser, browser.build_request("GET", url))
        for _ in range(STEPS):
            if page is None:
                return
            form = _fill(browser, page, state) or _fill(browser, page, WAY)
            if form is None:
                break
            page = _visit(browser, form)
    pytest.skip(f"Mollie's test screens are not as they were: there is no way to choose {state} without a browser")


def _visit(browser: httpx.Client, request: httpx.Request) -> httpx.Response | None:
    """The page one comes to at the same place; None when one is sent on elsewhere."""
    answer = browser.send(request)
    while answer.next_request:
        if answer.next_request.url.host != request.url.host:
            return None
        answer = browser.send(answer.next_request)
    return answer


def _fill(browser: httpx.Client, page: httpx.Response, value: str) -> httpx.Request | None:
    """The form that offers a value, with that chosen; None when there is none."""
    choice = Tree(page.text).css_first(f'form input[value="{value}"], form button[value="{value}"]')
    if choice is None:
        return None
    form = choice
    while form.tag != "form" and form.parent:
        form = form.parent
    fields = {
        str(one.attributes["name"]): one.attributes.get("value") or "" for one in form.css('input[type="hidden"][name]')
    } | {str(choice.attributes.get("name")): value}
    where = page.url.join(form.attributes.get("action") or "")
    if (form.attributes.get("method") or "get").lower() == "post":
        return browser.build_request("POST", where, data=fields)
    return browser.build_request("GET", where, params=fields)
